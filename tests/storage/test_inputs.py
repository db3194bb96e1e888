from irzhub.storage.inputs import InputRow, delete_input, load_inputs, load_some_inputs, save_input
from irzhub.storage.local import Connection
from tests.storage.rows import MODEM, OTHER


def test_settings_are_kept_per_pin(local: Connection) -> None:
    save_input(local, InputRow(MODEM, 2, "окно"))
    save_input(local, InputRow(MODEM, 1, "дверь", True, 0.5, "OFF"))
    save_input(local, InputRow(MODEM, 2, "люк"))

    assert load_inputs(local) == [InputRow(MODEM, 1, "дверь", True, 0.5, "OFF"), InputRow(MODEM, 2, "люк")]


def test_some_are_loaded_by_modem(local: Connection) -> None:
    save_input(local, InputRow(MODEM, 1, "дверь"))
    save_input(local, InputRow(OTHER, 1, "окно"))

    assert load_some_inputs(local, [OTHER]) == {OTHER: [InputRow(OTHER, 1, "окно")]}


def test_a_forgotten_input_has_its_defaults_again(local: Connection) -> None:
    save_input(local, InputRow(MODEM, 1, "дверь"))
    delete_input(local, MODEM, 1)

    assert load_inputs(local) == []
