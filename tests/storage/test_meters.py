"""Meters, lines and programs come back as they were stored."""

from datetime import UTC, datetime
from pathlib import Path

from irzhub.storage.local import LocalStore
from irzhub.storage.meters import (
    MeterLineRow,
    MeterRow,
    ProgramRow,
    delete_meter,
    forget_meters_of,
    load_meter_lines,
    load_meters,
    load_programs,
    save_meter,
    save_meter_lines,
    save_program,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MODEM = "868441036775234"


async def test_a_meter_is_stored_changed_and_removed(tmp_path: Path) -> None:
    first = MeterRow(id="01A", modem=MODEM, type="Меркурий 230", serial="41190273", address="7", created_at=NOW)
    second = MeterRow(id="01B", modem=MODEM, created_at=NOW)
    async with LocalStore(tmp_path) as store:
        for row in (second, first):
            await store.write(lambda conn, row=row: save_meter(conn, row))  # type: ignore[misc]
        assert await store.read(load_meters) == [first, second]
        moved = MeterRow(id="01A", modem="868441036775235", serial="5", created_at=NOW)
        await store.write(lambda conn: save_meter(conn, moved))
        await store.write(lambda conn: delete_meter(conn, "01B"))
        assert await store.read(load_meters) == [moved]


async def test_all_of_a_deleted_modem_goes(tmp_path: Path) -> None:
    line = MeterLineRow(
        modem=MODEM,
        address="7",
        protocol="modbus",
        first_asked=NOW,
        last_asked=NOW,
        usual_in_vain=2.5,
        silent_since=NOW,
    )
    async with LocalStore(tmp_path) as store:
        await store.write(lambda conn: save_meter_lines(conn, [line]))
        await store.write(lambda conn: save_meter(conn, MeterRow(id="01A", modem=MODEM, created_at=NOW)))
        assert await store.read(load_meter_lines) == [line]
        await store.write(lambda conn: forget_meters_of(conn, MODEM))
        assert await store.read(load_meter_lines) == []
        assert await store.read(load_meters) == []


async def test_a_program_is_named_anew(tmp_path: Path) -> None:
    async with LocalStore(tmp_path) as store:
        await store.write(lambda conn: save_program(conn, ProgramRow(program="10.0.0.7", name="АСКУЭ")))
        await store.write(lambda conn: save_program(conn, ProgramRow(program="10.0.0.7", name="АСКУЭ сбыта")))
        assert await store.read(load_programs) == [ProgramRow(program="10.0.0.7", name="АСКУЭ сбыта")]
