"""The registry keeps modems over restarts; what is live in a row is never put back by an edit."""

import asyncio
from datetime import UTC, datetime

import pytest

from irzhub.config.settings import Settings
from irzhub.core.exceptions import UnknownModem
from irzhub.fleet.registry import Quarantined
from irzhub.storage.inputs import InputRow
from irzhub.storage.modems import load_modems, save_snapshots, set_online
from tests.fleet.conftest import IMEI, Desk, make_desk, registration

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


async def test_edit_changes_what_is_given_and_survives_a_restart(settings: Settings) -> None:
    async with make_desk(settings) as desk:
        await desk.registrar.decide(registration())
        await desk.registry.edit(IMEI, name="Котельная 12", group="Север")
        await desk.registry.edit(IMEI, comment="ключ у вахты", inputs={1: InputRow(IMEI, 1, name="Дверь")})

    async with make_desk(settings) as again:
        row = again.registry.get(IMEI)
        assert (row.name, row.group, row.comment, row.port) == ("Котельная 12", "Север", "ключ у вахты", 20000)
        assert again.registry.inputs(IMEI)[1].name == "Дверь"


async def test_edit_leaves_what_others_write_into_the_row(desk: Desk) -> None:
    await desk.registrar.decide(registration())
    await desk.store.write(lambda conn: save_snapshots(conn, [(IMEI, {"rx_bytes": 7})]))
    await desk.store.write(lambda conn: set_online(conn, IMEI, True))

    await desk.registry.edit(IMEI, name="other")

    [row] = await desk.store.read(load_modems)
    assert (row.name, row.snapshot, row.was_online) == ("other", {"rx_bytes": 7}, True)


async def test_deleted_modem_frees_its_port(desk: Desk) -> None:
    await desk.registrar.decide(registration())

    await desk.registry.delete(IMEI)

    assert IMEI not in desk.registry
    assert await desk.store.read(load_modems) == []
    await desk.registrar.decide(registration("868441036775235", request=2))
    assert desk.registry.get("868441036775235").port == 20000


@pytest.mark.parametrize("call", ["get", "address", "edit", "delete"])
async def test_unknown_modem_is_named_in_the_error(desk: Desk, call: str) -> None:
    with pytest.raises(UnknownModem, match="no modem '1' is registered"):
        result = getattr(desk.registry, call)("1")
        if asyncio.iscoroutine(result):
            await result


async def test_quarantined_modem_that_knocks_again_is_counted_and_moves_to_the_end(desk: Desk) -> None:
    def knock(modem: str) -> None:
        desk.registry.quarantine(Quarantined(modem=modem, imei=modem, channel=None, peer="p", reason="r",
                                             first_seen=desk.clock.now(), last_seen=desk.clock.now()))  # fmt: skip

    for modem in ("1", "2", "1"):
        knock(modem)

    assert [(entry.modem, entry.tries) for entry in desk.registry.quarantined()] == [("2", 1), ("1", 2)]


async def test_snapshot_is_freed_from_memory_and_kept_in_the_store(settings: Settings) -> None:
    async with make_desk(settings) as desk:
        await desk.registrar.decide(registration())
        await desk.store.write(lambda conn: save_snapshots(conn, [(IMEI, {"csq": 9})]))

    async with make_desk(settings) as again:
        assert again.registry.get(IMEI).snapshot == {"csq": 9}
        again.registry.drop_snapshot(IMEI)
        await again.registry.edit(IMEI, name="x")

        assert again.registry.get(IMEI).snapshot == {}
        assert (await again.store.read(load_modems))[0].snapshot == {"csq": 9}
