"""Registered modems and those that knock, together."""

from irzhub.core.bus import Bus
from irzhub.core.state import ModemState, StateStore
from irzhub.web.fleet_view import all_modems, find_modem
from tests.web.conftest import IMEI, Knocker, PlainRegistry


def test_a_registered_modem_that_is_turned_away_is_shown_once_as_it_was() -> None:
    states = StateStore(Bus())
    registry = PlainRegistry(states, knocking=[Knocker(IMEI, IMEI), Knocker("1" * 15, "1" * 15)])
    states.add(known := ModemState(modem=IMEI, imei=IMEI, link="online"))

    shown = list(all_modems(states, registry))

    assert [(state.modem, state.link) for state in shown] == [(IMEI, "online"), ("1" * 15, "quarantined")]
    assert find_modem(IMEI, states, registry) is known
    assert find_modem("1" * 15, states, registry) == shown[1]
    assert find_modem("2" * 15, states, registry) is None
