"""One connection on which a modem takes settings or firmware instead of relaying its meter (docs/protocol.md 1.9)."""

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Final, cast

from irzhub.codec.irz.settings_dialogue import UploadDialogue
from irzhub.relay import session_reports
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.modem import Modem, Shared

_log = logging.getLogger(__name__)
_CLOSING_S: Final = 2.0
"""How long a modem that has taken all may take to hang up, as it does before it restarts."""
_VALUE: Final = re.compile(rb"(?s)=.+")
_HEAD: Final = 12  # a frame's head and the four bytes of the prefix


class DialogueSession(asyncio.Protocol):
    """The socket's side of one dialogue. It is no session of the modem: programs meet the modem as away meanwhile.

    Args:
        on_progress: called after each line that the modem has taken.
        on_end: called once when the dialogue is over.
    """

    __slots__ = ("_dialled", "_modem", "_on_end", "_on_progress", "_shared", "_transport", "dialogue", "tick")

    def __init__(
        self,
        modem: Modem,
        shared: Shared,
        dialogue: UploadDialogue,
        dialled: DialledIn,
        on_progress: Callable[[], None],
        on_end: Callable[[], None],
    ) -> None:
        self.dialogue = dialogue
        self.tick = 0
        self._modem = modem
        self._shared = shared
        self._dialled: DialledIn | None = dialled
        self._on_progress = on_progress
        self._on_end: Callable[[], None] | None = on_end
        self._transport: asyncio.Transport | None = None

    # The socket.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Answer the hello with what is to come."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop has classes of its own
        self._shared.transports += 1
        dialled, self._dialled = self._dialled, None
        if self._on_end is None or dialled is None:  # it was called off while the socket was on its way
            self._transport.abort()
            return
        if self._modem.session is not None:
            self._modem.session.end("kicked", "it takes settings or firmware on a newer connection")
        self._shared.rings.append(self._modem.settings.modem, "<", b"(dialled in for an upload)", self._now())
        self._write(self.dialogue.begin(self._shared.local_time(self._modem.settings.clock_zone), self._now()))
        if dialled.leftover:
            self.data_received(dialled.leftover)

    def data_received(self, data: bytes) -> None:
        """Take what the modem answers and send the next line."""
        if self._on_end is None:
            return
        self._record("<", data)
        before = self.dialogue.acknowledged
        try:
            out = self.dialogue.receive_data(data, self._now())
        except Exception:  # noqa: BLE001 - a fault of ours must cost one dialogue, never the relay
            _log.exception("the dialogue with modem %s failed", self._modem.settings.modem)
            self.dialogue.receive_eof()
            out = b""
        self._go_on(out, before)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio gives it
        """The socket is gone."""
        self._shared.wheel.forget(self)
        self._shared.leaving.discard(self)
        self._shared.transports -= 1
        self._transport = None
        self.dialogue.receive_eof()
        self._conclude()

    # The hub's side.

    def expire(self, now: float) -> None:
        """See whether the modem has been silent for too long."""
        before = self.dialogue.acknowledged
        self._go_on(self.dialogue.expire(now), before)

    def call_off(self) -> None:
        """End it without a word to the hub."""
        self._on_end = None
        self._close()

    def due(self, now: float) -> None:  # noqa: ARG002 - the wheel gives it
        """The modem has not hung up in time."""
        if self._transport is not None:
            self._transport.abort()

    # Within.

    def _go_on(self, out: bytes, acknowledged_before: int) -> None:
        if out:
            self._write(out)
        if self.dialogue.acknowledged != acknowledged_before:
            self._on_progress()
        if self.dialogue.is_over:
            self._conclude()

    def _conclude(self) -> None:
        told, self._on_end = self._on_end, None
        if told is not None:
            told()
            self._close()

    def _close(self) -> None:
        if self._transport is None:
            return
        if self.dialogue.failure is not None or not self.dialogue.is_over:
            self._transport.close()
        self._shared.leaving.add(self)
        self._shared.wheel.at(self, self._now() + _CLOSING_S)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)
            self._record(">", data)

    def _record(self, direction: str, data: bytes) -> None:
        """Keep in the flight recorder what was said, but neither passwords nor values nor pages."""
        if direction == ">" and self.dialogue.upload.kind == "firmware" and self.dialogue.acknowledged:
            data = data[:_HEAD]
        shown = _VALUE.sub(b"=****", session_reports.mask_password(data)) if b"$" in data else data
        masked = session_reports.mask_password(shown)
        self._shared.rings.append(self._modem.settings.modem, direction, masked, self._now())

    def _now(self) -> float:
        return self._shared.monotonic()
