"""The audit over REST, and what requests leave in it."""

from irzhub.core.services import TRAFFIC_RECORD, TrafficEntry, TrafficRecord
from tests.web.conftest import IMEI, Hub
from tests.web.people import signed_in

AUDIT = "/api/v1/audit"


async def nothing_recorded(_: TrafficRecord) -> tuple[TrafficEntry, ...]:
    return ()


async def test_a_change_says_who_what_and_from_where(hub: Hub) -> None:
    hub.add_modem(name="дом")
    reply = await hub.call("PATCH", f"/api/v1/modems/{IMEI}", json={"comment": "крыша"})

    entry = (await hub.get(f"{AUDIT}?action=edit_modem")).json()["items"][0]

    assert (entry["actor"], entry["role"], entry["source"], entry["result"]) == ("admin", "admin", "127.0.0.1", "ok")
    assert (entry["modem"], entry["status"]) == (IMEI, 200)
    assert entry["request_id"] == reply.headers["X-Request-Id"]


async def test_refusals_are_noted_and_reading_is_not(hub: Hub) -> None:
    hub.add_modem()
    hub.services.register(TRAFFIC_RECORD, nothing_recorded)
    await hub.call("PATCH", f"/api/v1/modems/{IMEI}", "viewer", json={"comment": "x"})
    await hub.call("PATCH", f"/api/v1/modems/{IMEI}", None, json={"comment": "x"})
    await hub.get("/api/v1/modems")
    await hub.get(f"/api/v1/modems/{IMEI}/traffic_record")

    entries = (await hub.get(AUDIT)).json()["items"]

    assert [(each["action"], each["actor"], each["result"]) for each in entries] == [
        ("get_traffic_record", "admin", "ok"),
        ("edit_modem", "viewer", "refused"),
    ]


async def test_no_secret_is_in_it(hub: Hub) -> None:
    body = {"name": "anna", "password": "correct horse battery", "role": "viewer"}
    await hub.call("POST", "/api/v1/users", json=body)
    token = (await hub.call("POST", "/api/v1/tokens", json={"name": "x", "role": "viewer"})).json()["token"]
    await hub.call("POST", "/api/v1/session", None, json={"name": "anna", "password": "a wrong secret"})

    text = (await hub.get(AUDIT)).text

    assert '"create_user"' in text
    assert "horse" not in text
    assert "wrong secret" not in text
    assert token not in text


async def test_pages_go_from_new_to_old(hub: Hub) -> None:
    hub.add_modem()
    for number in range(5):
        await hub.call("PATCH", f"/api/v1/modems/{IMEI}", json={"comment": str(number)})

    first = (await hub.get(f"{AUDIT}?limit=3")).json()
    rest = (await hub.get(f"{AUDIT}?limit=3&cursor={first['next']}")).json()

    assert [each["seq"] for each in first["items"] + rest["items"]] == [5, 4, 3, 2, 1]
    assert rest["next"] is None
    assert (await hub.get(f"{AUDIT}?since=yesterday")).status == 400


async def test_who_belongs_to_an_organisation_sees_what_its_people_did(hub: Hub) -> None:
    hub.add_modem(organisation="north")
    await hub.call("PATCH", f"/api/v1/modems/{IMEI}", json={"comment": "x"})
    async with signed_in(hub, "anna", "auditor", organisation="north") as anna:
        entries = (await anna.get(AUDIT)).json()["items"]
    async with signed_in(hub, "vera", "auditor", groups=("a",)) as vera:
        refused = await vera.get(AUDIT)

    assert [(each["action"], each["actor"]) for each in entries] == [("sign_in", "anna")]
    assert refused.status == 403


async def test_a_row_that_was_changed_is_found(hub: Hub) -> None:
    hub.add_modem()
    for number in range(3):
        await hub.call("PATCH", f"/api/v1/modems/{IMEI}", json={"comment": str(number)})
    whole = (await hub.get(f"{AUDIT}/verdict")).json()
    await hub.store.write(lambda connection: connection.exec_driver_sql("UPDATE audit SET actor = 'x' WHERE seq = 3"))
    broken = (await hub.get(f"{AUDIT}/verdict")).json()
    async with signed_in(hub, "anna", "auditor", organisation="north") as anna:
        refused = await anna.get(f"{AUDIT}/verdict")

    assert whole == {"is_whole": True, "rows": 3, "first": 1, "last": 3, "fault": None}
    assert (broken["is_whole"], broken["rows"], broken["last"]) == (False, 2, 2)
    assert "row 3 was changed" in broken["fault"]
    assert refused.status == 403, "the chain is of the whole hub"
