"""What modems inherit, and from whom."""

import logging
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from irzhub.config.settings import PortPool
from irzhub.fleet.belongings import Belongings
from irzhub.storage.groups import GroupRow, save_group
from irzhub.storage.modems import ModemRow
from irzhub.storage.sites import SiteRow
from tests.fleet.conftest import IMEI, Desk

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ROW = ModemRow(IMEI, IMEI, None, "irz", "127.0.0.1", 20000, "", "Север/Котельные/7", "", None, NOW)


async def test_the_nearest_word_counts(desk: Desk) -> None:
    mine = desk.registry.belongings
    await mine.set_organisation_relay("teplo", {"offline": "refuse", "allow": ["10.0.0.0/8"]})
    await mine.save_group(
        GroupRow("Север", NOW, relay={"offline": "wake", "sharing": {"idle": "3s", "grant": "session"}})
    )
    await mine.save_group(GroupRow("Север/Котельные", NOW, relay={"sharing": {"idle": "9s"}}))
    await mine.save_group(GroupRow("Северный", NOW, relay={"clock_zone": "Asia/Omsk"}))
    row = replace(ROW, organisation="teplo", overrides={"lost": "hold 30s"})

    assert mine.relay_of(row) == {
        "allow": ("10.0.0.0/8",),
        "offline": "wake",
        "sharing": {"idle_s": 9.0, "grant": "session"},
        "lost_hold_s": 30.0,
    }
    assert mine.relay_of(replace(row, organisation="", group="", overrides={})) == {}


async def test_commissioning_holds_for_all_below(desk: Desk) -> None:
    await desk.registry.belongings.save_group(GroupRow("Север", NOW, is_commissioning=True))

    assert desk.registry.belongings.is_commissioning("Север/Котельные/7")
    assert not desk.registry.belongings.is_commissioning("Северный")
    assert not desk.registry.belongings.is_commissioning("")


async def test_all_of_it_survives_a_restart(desk: Desk) -> None:
    mine = desk.registry.belongings
    await mine.save_group(GroupRow("Север", NOW, "за рекой", {"offline": "refuse"}, True))
    await mine.save_site(SiteRow("01AAAAAAAAAAAAAAAAAAAAAAAA", "Котельная 7", NOW, phones=["+79211234567"]))
    await mine.set_organisation_relay("teplo", {"pools": [{"host": "127.0.0.1", "first": 21000, "last": 21009}]})

    again = Belongings(desk.store)
    await again.load()

    assert list(again.groups()) == list(mine.groups())
    assert list(again.sites()) == list(mine.sites())
    assert again.pools_of("teplo") == (PortPool(host="127.0.0.1", first=21000, last=21009),)
    assert again.all_pools() == again.pools_of("teplo")


async def test_settings_of_another_version_are_left_out_and_told(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    await desk.store.write(lambda conn: save_group(conn, GroupRow("Север", NOW, relay={"colour": "red"})))
    mine = Belongings(desk.store)
    await mine.load()

    with caplog.at_level(logging.ERROR):
        assert mine.relay_of(ROW) == {}

    assert "settings of Север cannot be used" in caplog.text
