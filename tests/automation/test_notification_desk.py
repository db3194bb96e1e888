"""Settings survive a restart, are found after each change, and stay with groups that move and modems replaced."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from irzhub.automation.notification import Slot
from irzhub.automation.notification_desk import NotificationDesk, without_empty
from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.events import ModemDeleted, ModemReplaced
from irzhub.core.groups import GroupDeleted, GroupMoved
from irzhub.storage.local import LocalStore

MODEM, OTHER = "868441036775234", "868441036775242"
LOST = {"lost": {"enabled": True, "recipients": [{"contact": "duty"}]}}
SLOT = Slot("lost")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[LocalStore]:
    async with LocalStore(tmp_path) as opened:
        yield opened


async def test_what_was_set_is_there_after_a_restart(store: LocalStore) -> None:
    async with NotificationDesk(store, SystemClock(), Bus()) as desk:
        assert not desk.are_any
        await desk.set_group("Север", LOST, "anna")
        await desk.set_modems({MODEM: {"lost": {"enabled": False}}, OTHER: {}}, "anna")
        before = desk.find(SLOT, MODEM, "Север")
    async with NotificationDesk(store, SystemClock(), Bus()) as desk:
        assert (desk.of_group("Север"), desk.of_modem(OTHER)) == (LOST, {})
        assert desk.find(SLOT, MODEM, "Север") == before
        assert (before.is_enabled, desk.find(SLOT, OTHER, "Север").is_enabled) == (False, True)
        assert desk.mentions("duty") == ["group Север"]
        assert desk.mentions("nobody") == []


async def test_a_change_is_found_at_once(store: LocalStore) -> None:
    async with NotificationDesk(store, SystemClock(), Bus()) as desk:
        assert not desk.find(SLOT, MODEM, "").is_enabled
        await desk.set_group("", LOST, "anna")
        assert desk.find(SLOT, MODEM, "").is_enabled
        assert desk.owns(MODEM, "Север") == [LOST]


async def test_they_follow_groups_and_modems(store: LocalStore) -> None:
    bus, clock = Bus(), SystemClock()
    async with NotificationDesk(store, clock, bus) as desk:
        for path in ("", "Север", "Север/Котельные"):
            await desk.set_group(path, LOST, "anna")
        await desk.set_modems({MODEM: LOST}, "anna")

        bus.publish(GroupMoved("Север", "Юг"))
        assert (desk.of_group("Север"), desk.of_group("Юг/Котельные"), desk.of_group("")) == ({}, LOST, LOST)
        bus.publish(GroupDeleted("Юг"))
        assert (desk.of_group("Юг/Котельные"), desk.of_group("")) == ({}, LOST)
        bus.publish(ModemReplaced(ts=clock.now(), modem=OTHER, former=MODEM, port=1, by="anna"))
        assert (desk.of_modem(MODEM), desk.of_modem(OTHER)) == ({}, LOST)
        bus.publish(ModemDeleted(ts=clock.now(), modem=OTHER, port=1, keeps_port=False, is_blocked=False, by="anna"))
        assert desk.of_modem(OTHER) == {}
    bus.publish(GroupDeleted(""))
    assert desk.of_group("") == LOST


def test_what_is_empty_is_not_kept() -> None:
    assert without_empty({"lost": {}, "input": {"enabled": True}, "inputs": {"1": {}}}) == {"input": {"enabled": True}}
