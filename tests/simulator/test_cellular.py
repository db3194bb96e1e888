"""Calls and SMS find simulated modems by their number."""

from irzhub.simulator.cellular import Cellular
from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions

NUMBER = "+79211234567"


async def test_calls_and_sms_reach_a_modem_that_is_on() -> None:
    modem = SimulatedModem("127.0.0.1", 1, "868441036775234", ModemOptions(sleeps=True, wakes_on=frozenset()))
    network = Cellular({NUMBER: modem})
    assert (network.call(NUMBER), network.send(NUMBER, "5492 wait off")) == ("unreachable", False)
    modem.start()
    assert (network.call(NUMBER), network.send(NUMBER, "5492 wait off")) == ("no_answer", True)
    assert (modem.standby.rings, modem.standby.texts) == (1, ["5492 wait off"])
    network.busy.add(NUMBER)
    network.lost.add(NUMBER)
    assert (network.call(NUMBER), network.send(NUMBER, "5492 wait off")) == ("busy", False)
    assert (network.call("+79000000000"), network.send("+79000000000", "x")) == ("unreachable", False)
    assert network.log[:2] == [f"call {NUMBER}", f"sms {NUMBER}"]
    await modem.stop()
