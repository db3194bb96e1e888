"""The port for modems when others carry the traffic."""

import asyncio
import socket

from irzhub.core.clock import SystemClock
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.front import Front
from irzhub.relay.messages import DialInRejected, ModemsListening, ToHub
from tests.relay.modem_rig import IMEI, ModemEnd, hello, relay_settings, until


class Taken:
    """What a front gave away and told."""

    def __init__(self, takes: bool = True) -> None:
        self.takes = takes
        self.dialled: list[DialledIn] = []
        self.told: list[ToHub] = []
        self.beats = 0
        self.front = Front(
            relay_settings(), self.told.append, self._hand_over, lambda: len(self.dialled), self._beat, SystemClock()
        )

    def _hand_over(self, dialled: DialledIn) -> bool:
        self.dialled.append(dialled)
        return self.takes

    def _beat(self) -> None:
        self.beats += 1

    async def dials(self, words: bytes) -> ModemEnd:
        """A modem says hello."""
        port = next(message.port for message in self.told if isinstance(message, ModemsListening))
        sock = socket.socket()
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
        end = ModemEnd(sock)
        await end.says(words)
        return end


async def test_a_hello_is_read_and_its_socket_given_away_unanswered() -> None:
    taken = Taken()
    await taken.front.open()
    end = await taken.dials(hello() + b"more")
    await until(lambda: taken.dialled)
    dialled = taken.dialled[0]
    assert (dialled.hello.modem, dialled.leftover, dialled.peer) == (IMEI, b"more", end.name)
    await until(lambda: taken.beats)
    taken.front.shut()
    await taken.front.close()
    dialled.sock.close()
    assert await end.is_closed()
    end.close()


async def test_a_socket_that_nobody_takes_is_closed_and_told() -> None:
    taken = Taken(takes=False)
    await taken.front.open()
    end = await taken.dials(hello())
    assert await end.is_closed()
    rejected = [message.reason for message in taken.told if isinstance(message, DialInRejected)]
    assert rejected == ["too many modems wait for their worker"]
    await taken.front.close()
    end.close()
