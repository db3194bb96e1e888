from datetime import timedelta

from irzhub.storage.local import Connection
from irzhub.storage.pins import PinRow, delete_pin, load_pins, save_pins
from tests.storage.rows import MODEM, NOW


def test_the_last_level_of_each_pin_is_kept(local: Connection) -> None:
    save_pins(local, [PinRow(MODEM, 1, False, "ON", NOW), PinRow(MODEM, 2, True, "OFF", NOW)])
    later = NOW + timedelta(seconds=1)
    save_pins(local, [PinRow(MODEM, 1, False, "OFF", later)])

    assert load_pins(local) == [PinRow(MODEM, 1, False, "OFF", later), PinRow(MODEM, 2, True, "OFF", NOW)]


def test_nothing_to_save_is_no_fault(local: Connection) -> None:
    save_pins(local, [])

    assert load_pins(local) == []


def test_a_forgotten_pin_is_gone(local: Connection) -> None:
    save_pins(local, [PinRow(MODEM, 1, False, "ON", NOW)])
    delete_pin(local, MODEM, 1)

    assert load_pins(local) == []
