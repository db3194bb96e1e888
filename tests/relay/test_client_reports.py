"""What the hub hears of a program."""

from irzhub.core.clock import SystemClock
from irzhub.core.metrics import Metrics
from irzhub.relay import client_reports
from irzhub.relay.channel import Channel
from irzhub.relay.context import ClientSide
from irzhub.relay.messages import ClientOpened, WakeWanted
from irzhub.relay.settings import ModemSettings, RelaySettings


def test_a_program_is_told_with_its_name_and_what_it_moved() -> None:
    side = ClientSide(RelaySettings(), lambda _: None, SystemClock(), Metrics())
    program = Channel(ModemSettings(modem="m", imei="m"), side).new_program()
    program.client, program.peer, program.rx_bytes, program.tx_bytes = "01J", "10.0.0.7:4711", 13, 8

    opened = client_reports.opened("m", program, 5.0, 2)
    closed = client_reports.closed("m", program, 6.0, 1, "stalled")

    assert opened == ClientOpened(modem="m", client="01J", peer="10.0.0.7:4711", at=5.0, clients=2)
    assert (closed.client, closed.peer, closed.reason, closed.clients) == ("01J", "10.0.0.7:4711", "stalled", 1)
    assert (closed.rx_bytes, closed.tx_bytes, closed.at) == (13, 8, 6.0)


def test_a_program_wants_a_modem_that_is_away() -> None:
    side = ClientSide(RelaySettings(), lambda _: None, SystemClock(), Metrics())
    program = Channel(ModemSettings(modem="m", imei="m"), side).new_program()
    program.client = "01J"

    assert client_reports.wake_wanted("m", program, 5.0) == WakeWanted(modem="m", client="01J", at=5.0)
