"""The relay without the rest of the hub: `python -m benchmarks.relay_alone MODEM_PORT FIRST_PORT [KNOWN]`.

A stub of a few lines plays the hub: it accepts every modem and gives ports in order. So a figure tells the
relay's own cost from that of journal, state and MQTT.
"""

import asyncio
import gc
import json
import signal
import sys
import time

import uvloop

from benchmarks.echo_side import IMEI_BASE
from irzhub.core.clock import SystemClock
from irzhub.core.metrics import Metrics
from irzhub.relay.messages import PortOpened, RegistrationWanted, ToHub
from irzhub.relay.orders import DecideRegistration, PutModem
from irzhub.relay.settings import AskSettings, ModemSettings, RelaySettings
from irzhub.relay.worker import Relay

_ASK_NOTHING = AskSettings(pins_s=None, pins_reporting_s=None, signal_s=None, temperature_s=None)


class StubHub:
    """Accepts every modem."""

    def __init__(self, modem_port: int, first_port: int) -> None:
        self.relay = Relay(RelaySettings(host="127.0.0.1", port=modem_port), self.take, SystemClock(), Metrics())
        self.opened = 0
        self._next_port = first_port

    def take(self, message: ToHub) -> None:
        """Take a message of the relay."""
        if isinstance(message, RegistrationWanted):
            self.put(message.modem)
            self.relay.send(DecideRegistration(request=message.request, accepted=True))
        elif isinstance(message, PortOpened):
            self.opened += 1

    def put(self, modem: str) -> None:
        """Make a modem known on the next port."""
        port, self._next_port = self._next_port, self._next_port + 1
        self.relay.send(
            PutModem(settings=ModemSettings(modem=modem, imei=modem, host="127.0.0.1", port=port, ask=_ASK_NOTHING))
        )


async def main() -> None:
    """Run until SIGTERM; print how long the ports of known modems took."""
    modem_port, first_port, known = (int(word) for word in (*sys.argv[1:], "0")[:3])
    hub = StubHub(modem_port, first_port)
    started = time.perf_counter()
    for number in range(known):
        hub.put(str(IMEI_BASE + number))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with hub.relay:
        while hub.opened < known:
            await asyncio.sleep(0.001)
        print(json.dumps({"opened": hub.opened, "seconds": time.perf_counter() - started}), flush=True)
        gc.collect()
        gc.freeze()
        await stop.wait()


if __name__ == "__main__":
    uvloop.run(main())
