"""Settings and firmware: the numbered dialogue after MOD=SET or MOD=FRM (docs/protocol.md 1.9)."""

from irzhub.simulator.wire import FIRMWARE, SETTINGS, HubAnswer, HubFault, build_frame

_PREFIX_SIZE = 4


class Dialogue:
    """One upload, seen from the modem; every line that was taken stands in `lines`."""

    __slots__ = ("_kind", "is_finished", "lines")

    def __init__(self, answer: HubAnswer) -> None:
        self._kind = SETTINGS if answer.mode == "SET" else FIRMWARE
        self.lines: list[str] = []
        self.is_finished = False

    def begin(self, answer: HubAnswer, service_password: str) -> bytes:
        """Return PASSOK, or PASSWRONG after which the modem closes."""
        self.is_finished = answer.password != service_password
        return build_frame(self._kind, b"PASSWRONG" if self.is_finished else b"PASSOK")

    def receive(self, kind: int, payload: bytes) -> bytes:
        """Take one line and return its acknowledgement; after `at$boot_end` the modem reboots.

        Raises:
            HubFault: a frame of another kind, or a line without its four bytes in front or its CR behind.
        """
        if kind != self._kind:
            raise HubFault(f"expected a frame of kind {self._kind:02X} in this dialogue, got {kind:02X}")
        if len(payload) <= _PREFIX_SIZE or not payload.endswith(b"\r"):
            raise HubFault(f"expected four bytes, text and CR, got {payload[:60]!r}")
        line = payload[_PREFIX_SIZE:-1].decode("latin-1")
        self.lines.append(line)
        if line.lower() == "at$boot_end":
            self.is_finished = True
            return build_frame(self._kind, b"OK\r\n")
        return build_frame(self._kind, b"OK%%%" + str(len(self.lines)).encode())
