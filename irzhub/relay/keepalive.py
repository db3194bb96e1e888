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
