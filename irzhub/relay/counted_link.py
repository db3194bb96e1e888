"""What a session counts of the meter's bytes, whether they pass one by one or through a pipe."""

import asyncio

from irzhub.relay.keepalive import Liveness
from irzhub.relay.modem import Modem, Shared
from irzhub.relay.pipe import Pipe


class CountedLink(asyncio.Protocol):
    """The counting part of a modem's session.

    Attributes:
        rx_bytes, tx_bytes: meter bytes from the modem and to it in the modem's session.
        pipe: the plain way to a program while there is one; what went through it is counted later.
    """

    __slots__ = ("life", "modem", "pipe", "rx_bytes", "shared", "tx_bytes")

    def __init__(self, modem: Modem, shared: Shared, life: Liveness) -> None:
        self.modem = modem
        self.shared = shared
        self.life = life
        self.pipe: Pipe | None = None
        self.rx_bytes = 0
        self.tx_bytes = 0

    def passed(self, rx_bytes: int, tx_bytes: int, heard_at: float | None = None) -> None:
        """Count what went over the line; `heard_at`: when the modem spoke last, if a pipe heard it."""
        modem = self.modem
        self.rx_bytes += rx_bytes
        self.tx_bytes += tx_bytes
        modem.rx_grown += rx_bytes
        modem.tx_grown += tx_bytes
        self.heard()
        if heard_at is not None:
            self.life.last_byte = heard_at

    def heard(self) -> None:
        """There is something to tell of this modem at the next beat."""
        if not self.modem.was_heard:
            self.modem.was_heard = True
            self.shared.heard.append(self.modem)

    def settle(self) -> None:
        """Count what has gone through the pipe so far."""
        if self.pipe is not None:
            self.pipe.settle()
