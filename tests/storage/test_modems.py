from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from irzhub.storage.inputs import InputRow, load_inputs, save_input
from irzhub.storage.local import Connection
from irzhub.storage.modems import delete_modem, load_modems, load_some_modems, save_modem, save_snapshots, set_online
from irzhub.storage.pins import PinRow, load_pins, save_pins
from irzhub.storage.published import add_published, list_published
from tests.storage.rows import MODEM, NOW, OTHER, modem_row


def test_a_modem_comes_back_as_it_was_saved(local: Connection) -> None:
    row = replace(
        modem_row(), channel=2, was_online=True, overrides={"sharing": {"mode": "exclusive"}}, snapshot={"csq": 21}
    )
    save_modem(local, row)

    assert load_modems(local) == [row]
    assert "sha256" not in repr(row)


def test_saving_again_replaces_what_people_set_and_keeps_the_live_part(local: Connection) -> None:
    save_modem(local, modem_row())
    set_online(local, MODEM, True)
    save_snapshots(local, [(MODEM, {"csq": 9}), ("nobody", {"csq": 1})])
    save_modem(local, replace(modem_row(), name="Насосная"))

    assert load_modems(local) == [replace(modem_row(), name="Насосная", was_online=True, snapshot={"csq": 9})]


def test_no_two_modems_have_one_port(local: Connection) -> None:
    save_modem(local, modem_row(MODEM, 20000))

    with pytest.raises(IntegrityError):
        save_modem(local, modem_row(OTHER, 20000))


def test_some_are_loaded_by_id(local: Connection) -> None:
    save_modem(local, modem_row(MODEM, 20000))
    save_modem(local, modem_row(OTHER, 20001))

    assert [row.modem for row in load_some_modems(local, [OTHER, "nobody"])] == [OTHER]


def test_deleting_takes_settings_and_pins_but_not_the_list_of_topics(local: Connection) -> None:
    save_modem(local, modem_row())
    save_input(local, InputRow(MODEM, 1, "дверь"))
    save_pins(local, [PinRow(MODEM, 1, False, "ON", NOW)])
    add_published(local, [(MODEM, "irzhub/modem/x/state")])
    delete_modem(local, MODEM)

    assert (load_modems(local), load_inputs(local), load_pins(local)) == ([], [], [])
    assert list_published(local) == {MODEM: {"irzhub/modem/x/state"}}
