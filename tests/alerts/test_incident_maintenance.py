"""Why nobody is told: somebody works there, or it is being set up."""

from dataclasses import replace

import pytest

from irzhub.alerts.incident_maintenance import COMMISSIONING, MAINTENANCE, Mutes
from irzhub.core.bus import Bus
from irzhub.core.state import StateStore
from irzhub.storage.maintenance import MaintenanceRow
from tests.alerts.incident_rig import MODEM, NOW, OTHER, later, online

WINDOW = MaintenanceRow(id="01W", since=NOW, until=later(3600), reason="шкаф", created_by="анна", created_at=NOW)


@pytest.fixture
def mutes() -> Mutes:
    states = StateStore(Bus())
    states.add(online(MODEM, group="Север/Заречье"))
    states.add(online(OTHER, group="Северный", commissioning=True))
    return Mutes(states)


@pytest.mark.parametrize(
    ("window", "modem", "why"),
    [
        (replace(WINDOW, modem=MODEM), MODEM, MAINTENANCE),
        (replace(WINDOW, modem=OTHER), MODEM, ""),
        (replace(WINDOW, group="Север"), MODEM, MAINTENANCE),
        (replace(WINDOW, group="Север/Заречье"), MODEM, MAINTENANCE),
        (replace(WINDOW, group="Юг"), MODEM, ""),
        (replace(WINDOW, group="Север"), "868441036779999", ""),
        (WINDOW, MODEM, MAINTENANCE),
        (WINDOW, None, MAINTENANCE),
        (replace(WINDOW, modem=MODEM), None, ""),
        (replace(WINDOW, group="Север"), None, ""),
    ],
)
def test_a_window_covers_what_it_names(mutes: Mutes, window: MaintenanceRow, modem: str | None, why: str) -> None:
    mutes.put(window)

    assert mutes.why(modem, later(1)) == why


@pytest.mark.parametrize(("second", "why"), [(-1, ""), (0, MAINTENANCE), (3599, MAINTENANCE), (3600, "")])
def test_a_window_holds_from_its_first_moment_to_before_its_last(mutes: Mutes, second: int, why: str) -> None:
    mutes.put(WINDOW)

    assert mutes.why(MODEM, later(second)) == why


def test_what_is_set_up_is_nobodys_alarm(mutes: Mutes) -> None:
    mutes.put(WINDOW)

    assert mutes.why(OTHER, later(1)) == COMMISSIONING and mutes.why(OTHER, later(9999)) == COMMISSIONING


def test_windows_come_and_go(mutes: Mutes) -> None:
    later_one = replace(WINDOW, id="01X", since=later(10), until=later(20))
    mutes.load([later_one, WINDOW])
    assert mutes.windows() == [WINDOW, later_one] and mutes.get("01X") == later_one

    assert mutes.drop_past(later(20)) == [later_one]
    assert mutes.remove("01W") == WINDOW and mutes.remove("01W") is None and mutes.windows() == []
