"""How the two ends of the relay see each other: the session is a `ModemLink` to its channel."""

from typing import Protocol

from irzhub.relay.pipe import MeterEnd, Pipe


class ModemLink(Protocol):
    """The living connection of one modem, as its channel uses it.

    A link is good for one session only. After `Channel.detach` nothing is written to it, and every write
    carries the session's generation by being a call on that very object (ARCHITECTURE D6).
    """

    pipe: Pipe | None
    """The plain way to a program while there is one; the channel opens and closes it."""

    @property
    def meter_end(self) -> MeterEnd | None:
        """How plain data passes to and from the modem, None when it cannot do so just now.

        Good until the modem sends anything that is not plain data.
        """

    def passed(self, rx_bytes: int, tx_bytes: int, heard_at: float | None) -> None:
        """Count what went through the pipe; `heard_at`: when the modem spoke last (monotonic), None if it did not."""

    @property
    def generation(self) -> int:
        """Grows by one with every session of this modem."""

    def write(self, payload: bytes) -> None:
        """Send bytes of a program to the meter: wrapped by the codec, one write on the socket."""

    def pause_reading(self) -> None:
        """Stop to read from the modem because the program does not keep up; its keepalive timer stands still."""

    def resume_reading(self) -> None:
        """Read on."""

    @property
    def is_write_paused(self) -> bool:
        """Whether the modem does not take bytes now; the session calls `Channel.modem_writable` on changes."""


class LineWatch(Protocol):
    """What the session asks of the channel before it puts a question of the hub on the line."""

    @property
    def poll_in_progress(self) -> bool:
        """Whether a program holds the line or is owed an answer."""

    @property
    def is_answer_owed(self) -> bool:
        """Whether a program waits for an answer of the meter; False in its pauses, though it holds the line."""

    @property
    def last_traffic(self) -> float:
        """Monotonic time of the last byte either way; minus infinity when there was none."""
