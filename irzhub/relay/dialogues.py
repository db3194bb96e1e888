"""Which modems are to take settings or firmware: their next hello is answered with MOD=SET or MOD=FRM.

The modem has to leave normal work for it (docs/protocol.md 1.9): its session is ended, between two answers of
its meter if that can be had soon, and the connection after it carries the dialogue. There is never a second
one for the same modem, and none takes longer than its deadline, the wait for the modem included.
"""

from collections.abc import Mapping
from typing import Final

from irzhub.codec.irz.hello import DRIVER_NAME
from irzhub.codec.irz.settings_dialogue import Upload, UploadDialogue
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.dialogue_session import DialogueSession
from irzhub.relay.messages import DialogueEnded, DialogueProgress
from irzhub.relay.modem import Modem, Shared
from irzhub.relay.orders import CancelDialogue, StartDialogue

PATIENCE_S: Final = 10.0
"""How long a program's question may still be answered before the modem's session is ended."""
_LOOK_S: Final = 0.5
_TELL_EVERY_S: Final = 1.0


class _Wanted:
    """One dialogue from its request to its end; it is on the wheel all the time."""

    __slots__ = ("_told_at", "began", "deadline", "dialogues", "modem", "request", "session", "tick", "upload")

    def __init__(
        self, dialogues: "Dialogues", modem: Modem, request: str, upload: Upload, now: float, by_s: float
    ) -> None:
        self.dialogues = dialogues
        self.modem = modem
        self.request = request
        self.upload = upload
        self.began = now
        self.deadline = now + by_s
        self.session: DialogueSession | None = None
        self.tick = 0
        self._told_at = now

    @property
    def acknowledged(self) -> int:
        """How many lines the modem has taken."""
        return self.upload.first if self.session is None else self.session.dialogue.acknowledged

    def due(self, now: float) -> None:
        """Look after it: its deadline, the modem's silence, a session that is still in the way."""
        if now >= self.deadline:
            stage = "the modem did not dial in" if self.session is None else "it was not over"
            self.dialogues.fail(self, "deadline", f"{stage} within {self.deadline - self.began:.0f} s")
            return
        if self.session is not None:
            self.session.expire(now)
        elif (living := self.modem.session) is not None and self._may_end(now):
            what = "settings" if self.upload.kind == "settings" else "firmware"
            living.end("kicked", f"the hub has {what} for it: it has to dial in anew")
        if self.dialogues.is_wanted(self):
            self.plan(now)

    def plan(self, now: float) -> None:
        """Be called again when something may be due."""
        when = now + _LOOK_S if self.session is None else self.session.dialogue.deadline
        self.dialogues.shared.wheel.at(self, min(when, self.deadline))

    def tell_progress(self) -> None:
        """Tell the hub how far it is: of settings at most once a second, of firmware page by page.

        Firmware goes on behind its last page after a restart of the hub, so the hub has to know each of them.
        """
        now = self.dialogues.shared.monotonic()
        self.plan(now)
        if self.upload.kind == "firmware" or now - self._told_at >= _TELL_EVERY_S:
            self._told_at = now
            self.dialogues.tell_progress(self)

    def ended(self) -> None:
        """The session says that its dialogue is over."""
        self.dialogues.ended(self)

    def _may_end(self, now: float) -> bool:
        return now - self.began >= PATIENCE_S or not self.modem.line.is_answer_owed


class Dialogues:
    """All dialogues that are wanted or under way in one relay.

    Args:
        modems: the relay's own, by id.
    """

    def __init__(self, shared: Shared, modems: Mapping[str, Modem]) -> None:
        self.shared = shared
        self._modems = modems
        self._wanted: dict[str, _Wanted] = {}

    def start(self, message: StartDialogue) -> None:
        """Take one on; what cannot be is told as `DialogueEnded` at once."""
        known = self._wanted.get(message.modem)
        if known is not None and known.request == message.request:
            self.tell_progress(known)  # a hub that was replaced asks again
            return
        modem = self._modems.get(message.modem)
        refusal = _why_not(modem, known)
        upload: Upload | None = None
        try:
            upload = _upload(message)
        except ValueError as error:
            refusal = refusal or ("invalid", str(error))
        if refusal is not None or upload is None or modem is None:
            reason, detail = refusal or ("invalid", "")
            self._tell(message.request, message.modem, reason, detail, message.first, len(message.lines))
            return
        now = self.shared.monotonic()
        wanted = _Wanted(self, modem, message.request, upload, now, message.deadline_s)
        self._wanted[message.modem] = wanted
        wanted.due(now)

    def cancel(self, message: CancelDialogue) -> None:
        """Call one off; a modem that has begun keeps what it had before, as long as the last line was not sent."""
        wanted = self._wanted.get(message.modem)
        if wanted is not None and wanted.request == message.request:
            self.fail(wanted, "cancelled", "it was cancelled")

    def session_for(self, modem: Modem, dialled: DialledIn) -> DialogueSession | None:
        """Return the session for a modem's new connection if a dialogue waits for it, None for normal work."""
        wanted = self._wanted.get(modem.settings.modem)
        if wanted is None:
            return None
        if wanted.session is not None:
            self.fail(wanted, "disconnected", "the modem dialled in again in the middle of it")
            return None
        dialogue = UploadDialogue(wanted.upload)
        wanted.session = DialogueSession(modem, self.shared, dialogue, dialled, wanted.tell_progress, wanted.ended)
        return wanted.session

    def lost(self, modem: str, session: DialogueSession) -> None:
        """The socket that was meant for a dialogue could not be used; the modem will dial again."""
        wanted = self._wanted.get(modem)
        if wanted is not None and wanted.session is session:
            wanted.session = None

    def removed(self, modem: str) -> None:
        """The modem was deleted."""
        if (wanted := self._wanted.get(modem)) is not None:
            self.fail(wanted, "deleted", "the modem was deleted here")

    def close(self) -> None:
        """The hub stops: whatever is not over is called off."""
        for wanted in list(self._wanted.values()):
            self.fail(wanted, "hub_stop", "the hub stops")

    def is_wanted(self, wanted: _Wanted) -> bool:
        """Say whether it is not over yet."""
        return self._wanted.get(wanted.modem.settings.modem) is wanted

    def __len__(self) -> int:
        return len(self._wanted)

    # What a dialogue tells.

    def tell_progress(self, wanted: _Wanted) -> None:
        """Tell the hub how far one is."""
        self.shared.to_hub(
            DialogueProgress(
                request=wanted.request,
                modem=wanted.modem.settings.modem,
                at=self.shared.unix_time(),
                is_running=wanted.session is not None,
                acknowledged=wanted.acknowledged,
                total=len(wanted.upload.lines),
            )
        )

    def ended(self, wanted: _Wanted) -> None:
        """A dialogue is over by itself."""
        assert wanted.session is not None
        dialogue = wanted.session.dialogue
        reason = "" if dialogue.failure is None else dialogue.failure.value
        self._conclude(wanted, reason, dialogue.detail, dialogue.may_have_applied)

    def fail(self, wanted: _Wanted, reason: str, detail: str) -> None:
        """End one from outside, its connection too."""
        session = wanted.session
        may_have_applied = session is not None and session.dialogue.is_ending
        if session is not None:
            session.call_off()
        self._conclude(wanted, reason, detail, may_have_applied)

    def _conclude(self, wanted: _Wanted, reason: str, detail: str, may_have_applied: bool) -> None:
        modem = wanted.modem.settings.modem
        if not self.is_wanted(wanted):
            return
        del self._wanted[modem]
        self.shared.wheel.forget(wanted)
        total = len(wanted.upload.lines)
        self._tell(wanted.request, modem, reason, detail, wanted.acknowledged, total, may_have_applied)

    def _tell(
        self,
        request: str,
        modem: str,
        reason: str,
        detail: str,
        acknowledged: int,
        total: int,
        may_have_applied: bool = False,
    ) -> None:
        self.shared.to_hub(
            DialogueEnded(
                request=request,
                modem=modem,
                at=self.shared.unix_time(),
                reason=reason,
                detail=detail,
                acknowledged=acknowledged,
                total=total,
                may_have_applied=may_have_applied,
            )
        )


def _why_not(modem: Modem | None, known: _Wanted | None) -> tuple[str, str] | None:
    """Return reason and words why a modem cannot take a dialogue now."""
    if modem is None:
        return "unknown_modem", "the modem is not known here"
    if known is not None:
        return "busy", "another upload of settings or firmware is under way for this modem"
    if modem.settings.driver != DRIVER_NAME:
        return "not_possible", f"modems of the driver {modem.settings.driver} take neither settings nor firmware"
    if modem.settings.channel not in (None, 1):
        return "not_possible", "only the first connection of a modem takes settings and firmware"
    return None


def _upload(message: StartDialogue) -> Upload:
    if message.kind not in ("settings", "firmware"):
        raise ValueError(f"expected settings or firmware, got {message.kind[:20]!r}")
    return Upload(
        kind="settings" if message.kind == "settings" else "firmware",
        password=message.password,
        lines=tuple(message.lines),
        prefix=message.prefix,
        first=message.first,
        answer_end=message.answer_end,
        opening_s=message.opening_s,
        line_s=message.line_s,
        ending_s=message.ending_s,
    )
