"""The flight recorder of a modem, as JSON and as text."""

from irzhub.core.services import TRAFFIC_RECORD, TrafficEntry, TrafficRecord
from irzhub.web.models import TrafficPage
from tests.web.conftest import IMEI, WHEN, Hub

RECORD = f"/api/v1/modems/{IMEI}/traffic_record"
AT = WHEN.timestamp()
ENTRIES = ((AT, ">", bytes.fromhex("3c000001b0")), (AT + 0.222, "=", b"<meter answers 12>\r\n"))


def offer(hub: Hub) -> None:
    async def read(wanted: TrafficRecord) -> tuple[TrafficEntry, ...]:
        assert wanted.modem == IMEI
        return ENTRIES

    hub.services.register(TRAFFIC_RECORD, read)


async def test_as_json(hub: Hub) -> None:
    hub.add_modem()
    offer(hub)

    reply = await hub.get(RECORD, "engineer")

    assert reply.json() == {
        "modem": IMEI,
        "items": [
            {"ts": "2026-11-21T18:57:03.120Z", "direction": ">", "hex": "3c000001b0"},
            {"ts": "2026-11-21T18:57:03.342Z", "direction": "=", "hex": b"<meter answers 12>\r\n".hex()},
        ],
    }
    TrafficPage.model_validate(reply.json())


async def test_as_text(hub: Hub) -> None:
    hub.add_modem()
    offer(hub)

    reply = await hub.get(f"{RECORD}?format=text", "engineer")

    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert reply.text.splitlines() == [
        "2026-11-21T18:57:03.120Z > 3c 00 00 01 b0                                   <....",
        "2026-11-21T18:57:03.342Z = 3c 6d 65 74 65 72 20 61 6e 73 77 65 72 73 20 31  <meter answers 1",
        "                           32 3e 0d 0a                                      2>..",
    ]


async def test_a_dispatcher_does_not_see_meter_data(hub: Hub) -> None:
    hub.add_modem()
    offer(hub)

    assert [(await hub.get(RECORD, role)).status for role in ("viewer", "operator", "auditor")] == [403] * 3


async def test_without_a_recorder_there_is_no_record(hub: Hub) -> None:
    hub.add_modem()

    assert (await hub.get(RECORD)).status == 503


async def test_who_goes_on_looking_is_told_what_came_since(hub: Hub) -> None:
    hub.add_modem()
    offer(hub)

    first = (await hub.get(RECORD)).json()["items"]
    later = (await hub.get(f"{RECORD}?since={first[0]['ts']}")).json()["items"]
    at_the_end = (await hub.get(f"{RECORD}?since={first[1]['ts']}")).json()["items"]

    assert (later, at_the_end) == (first[1:], [])


async def test_one_row_of_the_audit_tells_of_a_look_and_each_file_has_its_own(hub: Hub) -> None:
    hub.add_modem()
    offer(hub)
    for _ in range(3):
        await hub.get(RECORD)
    await hub.get(RECORD, "engineer")
    await hub.get(f"{RECORD}?format=pcapng")

    rows = (await hub.get("/api/v1/audit?action=get_traffic_record")).json()["items"]

    assert [row["actor"] for row in rows] == ["admin", "engineer", "admin"]
