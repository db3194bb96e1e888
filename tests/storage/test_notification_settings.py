"""Own settings of modems and groups come back as stored, move with their group and go with their owner."""

from functools import partial

from irzhub.storage.former_modems import rename_modem
from irzhub.storage.local import LocalStore
from irzhub.storage.modems import delete_modem, save_modem
from irzhub.storage.notification_settings import (
    GroupNotifications,
    ModemNotifications,
    delete_group_notifications,
    load_group_notifications,
    load_modem_notifications,
    move_group_notifications,
    save_group_notifications,
    save_modem_notifications,
)
from tests.storage.rows import MODEM, NOW, OTHER, modem_row

LOST: dict[str, object] = {"lost": {"enabled": True}}


def of_modem(modem: str, settings: dict[str, object]) -> ModemNotifications:
    return ModemNotifications(modem, settings, NOW, "анна")


def of_group(path: str) -> GroupNotifications:
    return GroupNotifications(path, LOST, NOW, "анна")


async def test_settings_of_modems_are_kept_replaced_and_removed_when_empty(store: LocalStore) -> None:
    rows = [of_modem(MODEM, LOST), of_modem(OTHER, LOST)]
    await store.write(lambda c: save_modem_notifications(c, rows))
    assert await store.read(load_modem_notifications) == sorted(rows, key=lambda row: row.modem)
    await store.write(lambda c: save_modem_notifications(c, [of_modem(MODEM, {})]))
    assert [row.modem for row in await store.read(load_modem_notifications)] == [OTHER]


async def test_they_go_along_with_a_replaced_modem_and_away_with_a_deleted_one(store: LocalStore) -> None:
    await store.write(lambda c: save_modem(c, modem_row()))
    await store.write(lambda c: save_modem_notifications(c, [of_modem(MODEM, LOST)]))
    await store.write(lambda c: rename_modem(c, MODEM, OTHER, OTHER, None))
    assert [row.modem for row in await store.read(load_modem_notifications)] == [OTHER]
    await store.write(lambda c: delete_modem(c, OTHER))
    assert await store.read(load_modem_notifications) == []


async def test_settings_of_groups_move_with_them_and_the_hub_s_own_stay(store: LocalStore) -> None:
    for path in ("", "Север", "Север/Котельные", "Северный"):
        await store.write(partial(save_group_notifications, row=of_group(path)))
    await store.write(lambda c: move_group_notifications(c, "Север", "Юг"))
    found = {row.path for row in await store.read(load_group_notifications)}
    assert found == {"", "Северный", "Юг", "Юг/Котельные"}
    await store.write(lambda c: delete_group_notifications(c, "Юг"))
    assert {row.path for row in await store.read(load_group_notifications)} == {"", "Северный"}
    await store.write(lambda c: save_group_notifications(c, GroupNotifications("", {}, NOW, "анна")))
    assert [row.path for row in await store.read(load_group_notifications)] == ["Северный"]
