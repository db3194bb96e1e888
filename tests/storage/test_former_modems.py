"""Modems that are no more, and what goes to the one that takes a place."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from irzhub.core.events import GpiChanged
from irzhub.storage.audit import AuditRow, append_audit, read_audit
from irzhub.storage.events import insert_events
from irzhub.storage.former_modems import (
    FormerModem,
    delete_former_modem,
    load_former_modems,
    rename_modem,
    save_former_modem,
)
from irzhub.storage.inputs import InputRow, load_inputs, save_input
from irzhub.storage.local import Connection
from irzhub.storage.meters import MeterRow, load_meters, save_meter
from irzhub.storage.modem_settings import list_settings, note_read
from irzhub.storage.modems import load_modems, save_modem
from irzhub.storage.outputs import OutputRow, load_outputs, save_outputs
from irzhub.storage.pins import PinRow, load_pins, save_pins
from irzhub.storage.polls import PollRow, load_polls, save_polls
from irzhub.storage.tables_local import events
from tests.storage.rows import MODEM, NOW, OTHER, modem_row

NEW = "868441036775259"
DELETED = FormerModem(MODEM, NOW, "deleted", "rest:анна", "Котельная", "0.0.0.0", 20000)
REPLACED = FormerModem(OTHER, NOW, "replaced", is_blocked=True, replaced_by=NEW)


def poll(modem: str, asked: int, program: str = "10.0.0.7") -> PollRow:
    return PollRow(
        day="2026-11-21", modem=modem, address="7", program=program, asked=asked, first_asked=NOW, last_asked=NOW
    )


def test_former_modems_are_kept_replaced_and_forgotten(local: Connection) -> None:
    for row in (REPLACED, replace(DELETED, port=None, is_blocked=True), DELETED):
        save_former_modem(local, row)
    assert load_former_modems(local) == [DELETED, REPLACED]

    delete_former_modem(local, MODEM)
    delete_former_modem(local, NEW)
    assert load_former_modems(local) == [REPLACED]


def test_all_that_is_kept_of_a_modem_goes_to_the_new_one_and_nothing_of_another(local: Connection) -> None:
    row = replace(modem_row(), was_online=True, overrides={"offline": "refuse"}, site="01S")
    for each in (row, modem_row(OTHER, 20001)):
        save_modem(local, each)
    for modem in (MODEM, OTHER):
        save_input(local, InputRow(modem, 1, "дверь", True, 0.5, "ON"))
        save_meter(local, MeterRow(id=f"01{modem}", modem=modem, created_at=NOW))
        save_pins(local, [PinRow(modem, 1, False, "ON", NOW)])
        save_outputs(local, [OutputRow(modem, 4, "Насос")])
        save_polls(local, [poll(modem, 3)])

    rename_modem(local, MODEM, f"{NEW}_2", NEW, 2)

    placed = {each.modem: each for each in load_modems(local)}
    assert placed[f"{NEW}_2"] == replace(row, modem=f"{NEW}_2", imei=NEW, channel=2, password=None, was_online=False), (
        "its password and connection were the old one's"
    )
    assert placed[OTHER] == modem_row(OTHER, 20001)
    now = {f"{NEW}_2", OTHER}
    for rows in (load_inputs(local), load_meters(local), load_pins(local), load_outputs(local)):
        assert {each.modem for each in rows} == now
    assert {each.modem for each in load_polls(local, "2026-11-21")} == now


def test_what_tells_of_the_past_keeps_the_old_name(local: Connection) -> None:
    save_modem(local, modem_row())
    past = replace(GpiChanged(ts=NOW, modem=MODEM, pin=1, level="ON", previous="OFF", source="report"), seq=1, id="01K")
    insert_events(local, [past])
    append_audit(local, [AuditRow(ts=NOW, actor="анна", action="edit_modem", modem=MODEM)])
    save_former_modem(local, DELETED)

    rename_modem(local, MODEM, NEW, NEW, None)

    assert local.scalars(select(events.c.modem)).all() == [MODEM]
    assert [each.modem for each in read_audit(local, 0, 10)] == [MODEM]
    assert load_former_modems(local) == [DELETED]


def test_what_was_left_of_the_new_one_gives_way(local: Connection) -> None:
    """The new one was set up and polled on a desk before it took the place."""
    save_modem(local, modem_row())
    save_polls(local, [poll(MODEM, 5), poll(NEW, 1), poll(NEW, 2, "10.0.0.8")])
    note_read(local, MODEM, {"SIM_MAIN": "1"}, NOW, "dump")
    note_read(local, NEW, {"SIM_MAIN": "2", "WDT_INTV": "24"}, NOW, "dump")
    save_outputs(local, [OutputRow(MODEM, 4, "Насос"), OutputRow(NEW, 4, "?")])

    rename_modem(local, MODEM, NEW, NEW, None)

    polled = sorted(load_polls(local, "2026-11-21"), key=lambda each: each.program)
    assert polled == [poll(NEW, 5), poll(NEW, 2, "10.0.0.8")]
    assert [(each.name, each.read) for each in list_settings(local, NEW)] == [("SIM_MAIN", "1"), ("WDT_INTV", "24")]
    assert load_outputs(local) == [OutputRow(NEW, 4, "Насос")]


def test_a_registered_modem_is_never_pushed_out(local: Connection) -> None:
    save_modem(local, modem_row())
    save_modem(local, modem_row(OTHER, 20001))

    with local.begin_nested(), pytest.raises(IntegrityError):
        rename_modem(local, MODEM, OTHER, OTHER, None)
    assert {each.modem for each in load_modems(local)} == {MODEM, OTHER}
