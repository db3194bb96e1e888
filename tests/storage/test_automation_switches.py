"""Switches of automations come back as they were stored."""

from dataclasses import replace

from irzhub.storage.automation_switches import SwitchRow, delete_switch, load_switches, save_switch
from irzhub.storage.local import LocalStore
from tests.storage.rows import NOW

ROW = SwitchRow("boiler_door", False, NOW, "анна")


async def test_a_switch_is_kept_replaced_and_removed(store: LocalStore) -> None:
    await store.write(lambda c: save_switch(c, ROW))
    assert await store.read(load_switches) == [ROW]
    await store.write(lambda c: save_switch(c, replace(ROW, is_enabled=True)))
    assert [row.is_enabled for row in await store.read(load_switches)] == [True]
    await store.write(lambda c: delete_switch(c, "boiler_door"))
    assert await store.read(load_switches) == []
