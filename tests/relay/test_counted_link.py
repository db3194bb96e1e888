"""Bytes count for the session and for the next beat; what is still in a pipe counts as soon as it is asked for."""

from irzhub.core.clock import SystemClock
from irzhub.core.metrics import Metrics
from irzhub.relay.channel import Channel
from irzhub.relay.context import ClientSide
from irzhub.relay.counted_link import CountedLink
from irzhub.relay.keepalive import Liveness
from irzhub.relay.modem import Modem, Shared
from irzhub.relay.settings import ModemSettings, RelaySettings
from irzhub.relay.wheel import Wheel


def make_link() -> CountedLink:
    settings, clock, metrics = RelaySettings(), SystemClock(), Metrics()
    side = ClientSide(settings, lambda _: None, clock, metrics)
    shared = Shared(settings, lambda _: None, clock, metrics, Wheel(clock), side.rings)
    wanted = ModemSettings(modem="m", imei="m")
    modem = Modem(wanted, Channel(wanted, side))
    return CountedLink(modem, shared, Liveness(modem.interval, None, 1.0))


def test_counts_both_ways_and_tells_a_modem_once() -> None:
    link = make_link()

    link.passed(5, 3)
    link.passed(10, 0, 7.5)

    assert (link.rx_bytes, link.tx_bytes) == (15, 3)
    assert (link.modem.rx_grown, link.modem.tx_grown) == (15, 3)
    assert link.shared.heard == [link.modem]
    assert link.life.last_byte == 7.5


def test_what_a_program_sends_is_no_sign_of_life() -> None:
    link = make_link()

    link.passed(0, 3)
    link.settle()

    assert link.life.last_byte == 1.0
