"""The practice fleet's own rules; that its modems live is seen over REST, on a whole hub."""

from irzhub.config.settings import Settings
from irzhub.core.bus import Bus
from irzhub.core.state import ModemState, StateStore
from irzhub.fleet.practice import PracticeFleet, is_practice


async def no_edit(*_modem: object, **_changes: object) -> None:
    raise AssertionError("nothing is edited here")


async def no_delete(_modem: str) -> None:
    raise AssertionError("nothing is deleted here")


def practice(states: StateStore, port: int | None = 5009) -> PracticeFleet:
    return PracticeFleet(Settings(), states, states.bus, no_edit, no_delete, lambda: port)


def test_only_its_own_numbers_are_its_modems() -> None:
    assert is_practice("990000000000000")
    assert is_practice("990000000000499")
    assert not is_practice("990000000000500")
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
