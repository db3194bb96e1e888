"""Sites in other zones get their own time."""

from datetime import UTC, datetime

import pytest

from irzhub.relay.zones import Zones

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def test_a_loaded_zone_gives_its_own_time() -> None:
    zones = Zones()
    assert "Asia/Kamchatka" not in zones
    await zones.load("Asia/Kamchatka")
    assert "Asia/Kamchatka" in zones
    assert zones.local_time("Asia/Kamchatka", NOON).hour == 0
    await zones.load("Europe/Moscow")
    assert zones.local_time("Europe/Moscow", NOON).hour == 15


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "", "\0"])
async def test_a_zone_that_nobody_knows_is_utc_and_named_in_the_log(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    zones = Zones()
    await zones.load(name)
    assert zones.local_time(name, NOON).hour == 12
    assert repr(name) in caplog.text
