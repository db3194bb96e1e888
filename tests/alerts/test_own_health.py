"""What runs low at the hub: its disk and the money on its SIM cards."""

from pathlib import Path

import pytest

from irzhub.alerts.own_health import BALANCE, DISK, OwnHealth, judge_balance, judge_disk
from irzhub.core.bus import Bus
from irzhub.core.health import Health
from irzhub.core.services import GSM_MODEMS, GsmModemList, GsmModemView, Services


@pytest.mark.parametrize(
    ("free", "state"), [(100, "up"), (10, "up"), (9, "degraded"), (4, "degraded"), (3, "down"), (0, "down")]
)
def test_a_disk_is_judged_by_what_is_free(free: int, state: str) -> None:
    judged = judge_disk(free * 10**9, 100 * 10**9, 10)

    assert judged == (state, f"{free}.0 GB free, {free} %")


def view(name: str, balance: float | None, *, is_low: bool = False) -> GsmModemView:
    return GsmModemView(name=name, port="/dev/x", state="ready", balance=balance, is_balance_low=is_low)


def test_a_low_balance_is_named() -> None:
    assert judge_balance(()) is None
    assert judge_balance((view("a", None),)) is None
    assert judge_balance((view("a", 300.0),)) == ("up", "")
    assert judge_balance((view("a", 300.0), view("b", 9.5, is_low=True))) == ("degraded", "low balance on b: 9.50")


async def test_both_are_parts_of_the_hubs_health(tmp_path: Path) -> None:
    health, services = Health(Bus()), Services()
    own = OwnHealth(tmp_path, 1, health, services)

    async def modems(_asked: GsmModemList) -> tuple[GsmModemView, ...]:
        return (view("a", 5.0, is_low=True),)

    withdraw = services.register(GSM_MODEMS, modems)
    await own.look()
    assert {part.part: part.state for part in health} == {DISK: "up", BALANCE: "degraded"}

    withdraw()
    await OwnHealth(tmp_path / "gone", 1, health, services).look()
    assert {part.part: part.state for part in health} == {DISK: "down"}
