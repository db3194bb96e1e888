"""What is known of a modem survives a restart, with its age."""

import dataclasses
from datetime import UTC, datetime

import pytest

from irzhub.core.state import ModemState
from irzhub.fleet.inputs import KnownPin
from irzhub.fleet.picture import SNAPSHOT_FIELDS, build_snapshot, restore_seen_at, restore_state, split_levels
from irzhub.storage.modems import ModemRow

IMEI = "868441036775234"
NOW = datetime(2026, 11, 21, 12, 0, 0, 120_000, tzinfo=UTC)
ROW = ModemRow(IMEI, IMEI, 2, "irz", "0.0.0.0", 20007, "Котельная", "Север", "", None, NOW)
PINS = {
    4: KnownPin(4, True, "ON", NOW),
    1: KnownPin(1, False, "OFF", NOW),
    2: KnownPin(2, False, "ON", NOW),
}


def test_state_comes_back_as_it_was() -> None:
    state = ModemState(
        modem=IMEI, imei=IMEI, channel=2, name="Котельная", group="Север", model="ATM21", firmware="1.4", peer="p",
        sim=2, csq=21, iccid="8970", temperature_c=-5, cell="250-01-1-2", rx_bytes=10, tx_bytes=20, last_seen=NOW,
        observed_at=NOW, registered_at=NOW, address="h:20007", port=20007, gpi={1: "OFF", 2: "ON"}, gpo={4: "ON"},
        encapsulated=True, default_password=True,
    )  # fmt: skip

    restored = restore_state(dataclasses.replace(ROW, snapshot=build_snapshot(state, {})), "h:20007", PINS)

    assert restored == state


def test_modem_that_was_online_is_online_but_unconfirmed() -> None:
    restored = restore_state(dataclasses.replace(ROW, was_online=True), "h:20007", {})

    assert (restored.link, restored.confirmed) == ("online", False)


def test_row_without_a_snapshot_gives_unknown_and_not_zero() -> None:
    restored = restore_state(ROW, "h:20007", {})

    assert (restored.link, restored.csq, restored.temperature_c, restored.last_seen) == ("offline", None, None, None)
    assert (restored.gpi, restored.rx_bytes) == ({}, 0)


def test_snapshot_of_a_later_version_is_read_without_its_new_keys() -> None:
    restored = restore_state(dataclasses.replace(ROW, snapshot={"csq": 9, "colour": "red"}), "h:20007", {})

    assert restored.csq == 9


def test_pins_keep_the_moment_until_which_they_were_seen() -> None:
    snapshot = build_snapshot(ModemState(modem=IMEI, imei=IMEI), {1: NOW, 4: NOW})

    assert restore_seen_at(dataclasses.replace(ROW, snapshot=snapshot)) == {1: NOW, 4: NOW}
    assert restore_seen_at(ROW) == {}


def test_levels_are_split_by_direction_in_order_of_the_pins() -> None:
    gpi, gpo = split_levels(PINS)

    assert (list(gpi.items()), list(gpo.items())) == ([(1, "OFF"), (2, "ON")], [(4, "ON")])


def test_every_snapshot_field_is_one_of_the_state() -> None:
    assert {field.name for field in dataclasses.fields(ModemState)} >= SNAPSHOT_FIELDS


def test_modems_with_the_same_levels_share_one_picture_that_nobody_can_change() -> None:
    first, second = (split_levels(dict(PINS))[0] for _ in range(2))
    assert first is second
    with pytest.raises(TypeError):
        first[1] = "ON"  # type: ignore[index]
