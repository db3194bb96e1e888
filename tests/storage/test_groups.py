"""Groups come back as they were stored, and modems move from one to another."""

from dataclasses import replace

from irzhub.storage.groups import GroupRow, delete_groups, load_groups, move_modems, save_group
from irzhub.storage.local import Connection
from irzhub.storage.modems import load_modems, save_modem
from tests.storage.rows import MODEM, NOW, OTHER, modem_row

NORTH = GroupRow("Север", NOW, "у реки", {"sharing": {"mode": "exclusive"}, "allow": ["private"]}, True)
BOILERS = GroupRow("Север/Котельные", NOW)


def test_groups_are_kept_replaced_and_removed(local: Connection) -> None:
    for row in (BOILERS, replace(NORTH, comment="?", relay={"offline": "refuse"}), NORTH):
        save_group(local, row)
    assert load_groups(local) == [NORTH, BOILERS]

    delete_groups(local, ["Север", "Юг"])
    assert load_groups(local) == [BOILERS], "only the rows that are named go, what lies below stays"
    delete_groups(local, [])
    assert load_groups(local) == [BOILERS]


def test_only_the_named_modems_move_each_to_its_own_group(local: Connection) -> None:
    third = modem_row("868441036775259", 20002)
    for row in (modem_row(), modem_row(OTHER, 20001), third):
        save_modem(local, row)
    move_modems(local, {MODEM: "Область/Север", OTHER: "", "868441036779999": "Юг"})
    move_modems(local, {})

    assert [(row.modem, row.group) for row in sorted(load_modems(local), key=lambda row: row.port)] == [
        (MODEM, "Область/Север"),
        (OTHER, ""),
        (third.modem, "Север"),
    ]
    assert next(row for row in load_modems(local) if row.modem == MODEM) == replace(modem_row(), group="Область/Север")
