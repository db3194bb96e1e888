from dataclasses import replace
from pathlib import Path

from irzhub.storage.local import open_beside
from irzhub.storage.outputs import OutputRow, delete_outputs, load_outputs, save_outputs
from tests.storage.rows import MODEM, NOW, OTHER


def test_outputs_are_kept_replaced_and_forgotten_with_their_modem(tmp_path: Path) -> None:
    pump = OutputRow(MODEM, 4, "Насос", 1, True, 5.0, "ON", NOW, "confirmed")
    with open_beside(tmp_path) as connection:
        save_outputs(connection, [replace(pump, name="?"), OutputRow(OTHER, 2)])
        save_outputs(connection, [pump])
        save_outputs(connection, [])
        assert set(load_outputs(connection)) == {pump, OutputRow(OTHER, 2)}

        delete_outputs(connection, OTHER)
        assert load_outputs(connection) == [pump]
