"""How long a modem may be silent before it counts as lost (CONTRACT 4.1 `keepalive_timeout`)."""

from typing import Final

_FACTOR: Final = 3.5
_SMOOTHING: Final = 0.25


class KeepaliveInterval:
    """What is known of one modem's keepalive interval; outlives its sessions."""

    __slots__ = ("learned_s",)

    def __init__(self) -> None:
        self.learned_s: float | None = None

    def learn(self, gap_s: float) -> None:
        """Take the time between two keepalives between which the modem sent nothing else."""
        old = self.learned_s
        self.learned_s = gap_s if old is None else old + _SMOOTHING * (gap_s - old)

    def timeout_s(self, fixed_s: float | None, default_s: float | None, floor_s: float) -> float | None:
        """Return after how long a silence the modem is lost; None: never.

        Args:
            fixed_s: what the operator set; it holds as it is.
            default_s: what the driver says while nothing is learned; None: never.
            floor_s: less than that is never taken from what was learned.
        """
        if fixed_s is not None:
            return fixed_s
        if self.learned_s is not None:
            return max(floor_s, _FACTOR * self.learned_s)
        return default_s


class Liveness:
    """Since when one session's modem is silent; a pause in which nobody could hear it does not count.

    Attributes:
        last_byte: monotonic time of the last byte; the hot path only writes this.
    """

    __slots__ = ("_default_s", "_interval", "_last_keepalive", "_mark", "_paused_at", "last_byte")

    def __init__(self, interval: KeepaliveInterval, default_s: float | None, now: float) -> None:
        self._interval = interval
        self._default_s = default_s
        self._last_keepalive: float | None = None
        self._mark = 0
        self._paused_at: float | None = None
        self.last_byte = now

    @property
    def is_paused(self) -> bool:
        """Whether the modem is not read at present."""
        return self._paused_at is not None

    def keepalive(self, relayed_bytes: int) -> None:
        """The modem's last word was a keepalive: two in a row show its interval.

        Args:
            relayed_bytes: how much went over the line so far; two keepalives are in a row if it is the same.
        """
        if self._last_keepalive is not None and relayed_bytes == self._mark:
            self._interval.learn(self.last_byte - self._last_keepalive)
        self._last_keepalive = self.last_byte
        self._mark = relayed_bytes

    def other_word(self) -> None:
        """The modem's last word was something else, from which its next keepalive counts."""
        self._last_keepalive = None

    def pause(self, now: float) -> None:
        """The modem is not read from now on."""
        self._paused_at = now

    def resume(self, now: float) -> None:
        """The modem is read again."""
        if self._paused_at is not None:
            self.last_byte = min(self.last_byte + now - self._paused_at, now)
            self._paused_at = self._last_keepalive = None

    def lost_at(self, fixed_s: float | None, floor_s: float, awake_since: float) -> float:
        """Return when the modem is lost if nothing comes (monotonic), infinity for never.

        Args:
            fixed_s: see `KeepaliveInterval.timeout_s`.
            floor_s: see there.
            awake_since: since when the hub itself is able to hear.
        """
        timeout_s = self._interval.timeout_s(fixed_s, self._default_s, floor_s)
        if timeout_s is None or self._paused_at is not None:
            return float("inf")
        return max(self.last_byte, awake_since) + timeout_s
