"""The whole fleet in one answer, for each caller their own part of it."""

from datetime import UTC, datetime

from irzhub.core.events import ClientConnected, ModemDisconnected
from tests.web.conftest import IMEI, Hub, Knocker

WHEN = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
OTHER = "868441036775235"


async def test_every_modem_is_there_with_its_notes(hub: Hub) -> None:
    hub.add_modem(link="offline", name="ЦТП-3", port=20_002)
    hub.add_modem(OTHER, link="online", port=20_001)
    hub.registry.knocking = [Knocker("868441036775299", "868441036775299")]
    hub.bus.publish(ModemDisconnected(ts=WHEN, modem=IMEI, reason="keepalive_lost"))
    hub.bus.publish(ClientConnected(ts=WHEN, modem=OTHER, client="1", peer="10.0.0.7:4001"))
    await hub.desks.meters.name_program("10.0.0.7", "АСКУЭ сбыта", "")

    reply = await hub.get("/api/v1/fleet")
    fleet = reply.json()
    rows = [dict(zip(fleet["columns"], row, strict=True)) for row in fleet["rows"]]

    assert reply.headers["Content-Encoding"] == "gzip"
    assert fleet["total"] == 3
    assert [(row["modem"], row["state"]) for row in rows] == [
        ("868441036775299", "quarantined"),
        (OTHER, "online"),
        (IMEI, "offline"),
    ]
    assert rows[2]["cause"] == {"code": "keepalive_lost", "since": "2026-11-22T07:00:00.000Z", "detail": None}
    assert rows[1]["line"] == [{"client": "1", "name": "АСКУЭ сбыта", "since": "2026-11-22T07:00:00.000Z"}]


async def test_a_modem_that_is_deleted_meanwhile_is_left_out(hub: Hub) -> None:
    hub.add_modem()
    hub.add_modem(OTHER)
    del hub.registry.rows[IMEI]

    fleet = (await hub.get("/api/v1/fleet")).json()

    assert fleet["total"] == 2
    assert [row[0] for row in fleet["rows"]] == [OTHER]
