"""Space on the hub's disk, as a part of its health."""

from pathlib import Path

import pytest

from irzhub.alerts.own_health import DISK, OwnHealth, judge_disk
from irzhub.core.bus import Bus
from irzhub.core.health import Health


@pytest.mark.parametrize(
    ("free", "state"), [(100, "up"), (10, "up"), (9, "degraded"), (4, "degraded"), (3, "down"), (0, "down")]
)
def test_a_disk_is_judged_by_what_is_free(free: int, state: str) -> None:
    judged = judge_disk(free * 10**9, 100 * 10**9, 10)

    assert judged == (state, f"{free}.0 GB free, {free} %")


async def test_the_disk_is_a_part_of_the_hubs_health(tmp_path: Path) -> None:
    health = Health(Bus())

    await OwnHealth(tmp_path, 0, health).look()
    assert list(health) == [], "nobody looks"
    await OwnHealth(tmp_path, 1, health).look()
    assert {part.part: part.state for part in health} == {DISK: "up"}
    await OwnHealth(tmp_path / "gone", 1, health).look()
    assert {part.part: part.state for part in health} == {DISK: "down"}
