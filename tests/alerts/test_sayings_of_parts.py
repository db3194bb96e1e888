"""What the parts of a hub really say is known."""

import pytest

from irzhub.alerts.own_health import judge_disk
from irzhub.alerts.sayings import know
from irzhub.alerts.sayings_of_parts import LOW_BALANCE


@pytest.mark.parametrize("free", [90, 8, 1])
def test_the_disk(free: int) -> None:
    _, told = judge_disk(free * 10**9, 100 * 10**9, 10)

    assert know(told).code == "disk_free"  # type: ignore[union-attr]


def test_low_money_is_told_from_other_troubles_of_a_modem() -> None:
    assert know("the balance of a SIM card is below 100: main: 40").code == LOW_BALANCE  # type: ignore[union-attr]
    assert know("main: there is no SIM card in it").code == "gsm.no_sim"  # type: ignore[union-attr]
