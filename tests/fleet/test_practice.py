"""The practice fleet's own rules; that its modems live is seen over REST, on a whole hub."""

from pathlib import Path

import pytest

from irzhub.config.settings import Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.state import ModemState, StateStore
from irzhub.fleet.belongings import Belongings
from irzhub.fleet.practice import PracticeFleet, is_practice
from irzhub.storage.local import LocalStore


async def no_edit(*_modem: object, **_changes: object) -> None:
    raise AssertionError("nothing is edited here")


async def no_delete(_modem: str) -> None:
    raise AssertionError("nothing is deleted here")


def practice(states: StateStore, port: int | None = 5009) -> PracticeFleet:
    places = Belongings(LocalStore(Path("nowhere")))
    return PracticeFleet(Settings(), states, states.bus, no_edit, no_delete, lambda: port, places, SystemClock())


def test_only_its_own_numbers_are_its_modems() -> None:
    assert is_practice("990000000000000")
    assert is_practice("990000000009999")
    assert not is_practice("990000000010000")
    assert not is_practice("868441036775234")
    assert not is_practice("990000000000001_2")


def test_it_stands_beside_no_modem_of_one_s_own() -> None:
    states = StateStore(Bus())
    fleet = practice(states)
    assert (fleet.is_possible, fleet.modems) == (True, [])

    states.add(ModemState(modem="990000000000001", imei="990000000000001"))
    assert (fleet.is_possible, fleet.modems) == (True, ["990000000000001"])

    states.add(ModemState(modem="868441036775234", imei="868441036775234"))
    assert (fleet.is_possible, fleet.modems) == (False, ["990000000000001"])


def test_it_waits_for_the_port_that_modems_dial() -> None:
    assert not practice(StateStore(Bus()), port=None).is_possible


async def test_a_hub_that_cannot_practise_says_so_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    states = StateStore(Bus())
    states.add(ModemState(modem="868441036775234", imei="868441036775234"))
    fleet = practice(states)

    await fleet.begin(60)

    assert not fleet.is_running
    assert "no practice fleet: there are modems of your own" in caplog.text
