"""One session of a raw modem: the meter's bytes, with heartbeats taken out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from irzhub.codec.driver import Data, Keepalive, Plain, WireEvent
from irzhub.codec.errors import LocalProtocolError
from irzhub.codec.scan import held_at_end

#: How long the possible beginning of a heartbeat is held back.
HOLD_S: Final = 0.05


_PLAIN: Final = Plain(read=bytes, build=None)  # `bytes` returns bytes as they are


class RawConnection:
    """Bytes to events for one session; see `irzhub.codec.driver.Connection`.

    Args:
        heartbeat: the bytes that are no data; empty when there are none.
    """

    __slots__ = ("_heartbeat", "_held")

    def __init__(self, heartbeat: bytes = b"") -> None:
        self._heartbeat = heartbeat
        self._held = b""

    @property
    def takes_commands(self) -> bool:
        """False: nothing is known of this make."""
        return False

    def receive_data(self, data: bytes) -> list[WireEvent]:
        """Take bytes in any cut and return what they mean, in order."""
        if not self._heartbeat or (not self._held and self._heartbeat[0] not in data):
            return [Data(data)] if data else []
        *parts, last = (self._held + data).split(self._heartbeat)
        events: list[WireEvent] = []
        for part in parts:
            if part:
                events.append(Data(part))
            events.append(Keepalive())
        end = len(last) - held_at_end(last, self._heartbeat)
        if end:
            events.append(Data(last[:end]))
        self._held = last[end:]
        return events

    def receive_silence(self) -> list[WireEvent]:
        """Let go the possible beginning of a heartbeat."""
        held, self._held = self._held, b""
        return [Data(held)] if held else []

    @property
    def silence_s(self) -> float | None:
        """How long held bytes wait for the rest, counted from the last byte; None: nothing is held."""
        return HOLD_S if self._held else None

    @property
    def plain(self) -> Plain | None:
        """All is data where there are no heartbeats."""
        return None if self._heartbeat else _PLAIN

    def answer(self, local_time: datetime) -> bytes:  # noqa: ARG002 - nothing is answered
        """Return nothing: such modems expect no answer."""
        return b""

    def send_data(self, payload: bytes) -> bytes:
        """Return `payload` as it is."""
        return payload

    def send_command(self, command: str, args: Mapping[str, Any], form: str | None = None) -> bytes:  # noqa: ARG002 - none is known
        """Refuse.

        Raises:
            LocalProtocolError: always.
        """
        raise LocalProtocolError(f"{command[:40]!r}: this modem takes no commands")

    def cancel_command(self) -> None:
        """Do nothing: no command can be outstanding."""
