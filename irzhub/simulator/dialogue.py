"""Settings and firmware: the numbered dialogue after MOD=SET or MOD=FRM (docs/protocol.md 1.9)."""

from dataclasses import dataclass
from typing import Final, Literal

from irzhub.simulator.wire import FIRMWARE, SETTINGS, HubAnswer, HubFault, build_frame

_PREFIX_SIZE = 4
LAST_STEP: Final = -1
"""The step at which the modem has heard `at$boot_end`; step 0 is the password, step n is line n."""

Misdeed = Literal["silent", "hang_up", "reset", "refuse", "wrong_number", "garbage"]
Deed = Literal["none", "close", "abort", "freeze", "reboot"]

_MISDEEDS: Final[dict[Misdeed, tuple[bytes | None, Deed]]] = {
    "silent": (None, "freeze"),
    "hang_up": (None, "close"),
    "reset": (None, "abort"),
    "refuse": (b"ERROR", "none"),
    "wrong_number": (b"OK%%%4711", "none"),
    "garbage": (b"\x00\xb5?", "none"),
}


@dataclass(frozen=True, slots=True)
class Mishap:
    """What a modem does instead of what it should, once: at `step` of its next dialogue."""

    step: int
    misdeed: Misdeed


@dataclass(frozen=True, slots=True)
class Answer:
    """The frame that goes back, None for none, and what the modem does after it; `reboot` applies what it has taken."""

    frame: bytes | None
    deed: Deed = "none"


class Dialogue:
    """One upload, seen from the modem.

    Args:
        pages: the firmware pages that it kept from an interrupted upload; it goes on counting behind them.

    Attributes:
        lines: every line that was taken, as text; pages: every page.
    """

    __slots__ = ("_declared", "_kind", "_mishap", "lines", "pages")

    def __init__(self, answer: HubAnswer, mishap: Mishap | None = None, pages: list[bytes] | None = None) -> None:
        self._kind = SETTINGS if answer.mode == "SET" else FIRMWARE
        self._declared = answer.pages
        self._mishap = mishap
        self.lines: list[str] = []
        self.pages: list[bytes] = pages if pages is not None else []

    @property
    def is_firmware(self) -> bool:
        """Whether it brings firmware."""
        return self._kind == FIRMWARE

    def begin(self, answer: HubAnswer, service_password: str) -> Answer:
        """Return PASSOK, or PASSWRONG after which the modem closes."""
        if answer.password != service_password:
            return self._said(b"PASSWRONG", "close")
        return self._misbehave(0) or self._said(b"PASSOK")

    def receive(self, kind: int, payload: bytes) -> Answer:
        """Take one line and return its acknowledgement; after `at$boot_end` the modem reboots.

        Raises:
            HubFault: a frame of another kind, or a line without its four bytes in front or its CR behind.
        """
        if kind != self._kind:
            raise HubFault(f"expected a frame of kind {self._kind:02X} in this dialogue, got {kind:02X}")
        if len(payload) <= _PREFIX_SIZE or not payload.endswith(b"\r"):
            raise HubFault(f"expected four bytes, text and CR, got {payload[:60]!r}")
        content = payload[_PREFIX_SIZE:-1]
        if content.lower() == b"at$boot_end":
            return self._misbehave(LAST_STEP) or self._end()
        taken = len(self.pages if self.is_firmware else self.lines) + 1
        if (answer := self._misbehave(taken)) is not None:
            return answer
        if self.is_firmware:
            self.pages.append(content)
        else:
            self.lines.append(content.decode("latin-1"))
        return self._said(b"OK%%%" + str(taken).encode())

    def _end(self) -> Answer:
        if self.is_firmware and len(self.pages) != self._declared:
            return self._said(b"ERROR", "close")
        if not self.is_firmware:
            self.lines.append("at$boot_end")
        return self._said(b"OK\r\n", "reboot")

    def _misbehave(self, step: int) -> Answer | None:
        if self._mishap is None or self._mishap.step != step:
            return None
        words, deed = _MISDEEDS[self._mishap.misdeed]
        return Answer(None, deed) if words is None else self._said(words, deed)

    def _said(self, words: bytes, deed: Deed = "none") -> Answer:
        return Answer(build_frame(self._kind, words), deed)
