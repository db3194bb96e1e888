"""What the hub asks a modem of itself, and the commands of people, one at a time on one session.

Rules (CONTRACT 4.1 `relay.modems.ask`, docs/protocol.md 1.7):

1. One question is outstanding at most; an answer or its time-out ends it.
2. Commands of people go first, in order, also amid a poll: they travel in frames of their own.
3. Questions of the hub wait until no program polls and the line has been quiet for a moment. Where programs
   poll without end, a question waits for 15 s, and then its turn is owed to it: it goes right behind the next bytes
   of the meter, however soon the program asks again. The inputs have to be seen after a reconnect (ARCHITECTURE D7).
4. What was not answered twice is not asked again in the modem's session.
5. Cell and ICCID are asked once, the rest at its interval with jitter; pins more rarely once the modem
   has shown that it reports them by itself.
"""

import logging
import random
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from irzhub.codec.driver import Answer, Connection, PinReport
from irzhub.codec.errors import LocalProtocolError
from irzhub.relay.messages import CommandAnswered, ValuesSeen
from irzhub.relay.orders import SendCommand

if TYPE_CHECKING:
    from irzhub.relay.session import ModemSession

_log = logging.getLogger(__name__)
WAITING_LIMIT: Final = 16
_PATIENCE_S: Final = 5.0
"""How long a question of the hub may keep a waiting command of a person from being sent."""
_BUSY_RETRY_S: Final = 1.0
_BUSY_LIMIT_S: Final = 15.0
_LATE_REPORT_S: Final = 60.0
_UNANSWERED_LIMIT: Final = 2
_SEEN_KEYS: Final = ("csq", "temperature_c", "iccid", "cell")
_HANGS_UP: Final = frozenset({"reboot", "change_sim", "standby"})
"""Commands that a modem obeys by hanging up instead of answering."""
_SLOW_S: Final = {"ussd": 30.0}
"""Commands whose answer the network gives, not the modem: they may take longer."""
_NEVER: Final = float("inf")


class _Outstanding:
    """The question that the modem has not answered yet; `request` is None for the hub's own."""

    __slots__ = ("command", "deadline", "request", "since")

    def __init__(self, command: str, since: float, deadline: float, request: SendCommand | None) -> None:
        self.command = command
        self.since = since
        self.deadline = deadline
        self.request = request


class Questions:
    """All questions of one session; made only for modems that take commands."""

    __slots__ = (
        "_asked",
        "_blocked_since",
        "_commands",
        "_due",
        "_is_reporting",
        "_pins_given_up_at",
        "_session",
        "_unanswered",
        "_wire",
        "has_reported",
        "is_owed_a_turn",
    )

    def __init__(self, session: "ModemSession", wire: Connection) -> None:
        self._session = session
        self._wire = wire
        self._asked: _Outstanding | None = None
        self._blocked_since: float | None = None
        self._commands: deque[tuple[SendCommand, float]] | None = None
        self._due: dict[str, float] = {}
        self._unanswered: dict[str, int] | None = None
        self._is_reporting = False
        self._pins_given_up_at = -_NEVER
        self.has_reported = False
        self.is_owed_a_turn = False

    def begin(self, now: float) -> None:
        """The session begins: what is wanted at connect is due at once."""
        ask = self._session.modem.settings.ask
        wanted = {"pins": ask.pins_s, "signal": ask.signal_s, "temperature": ask.temperature_s}
        self._due = {name: now for name, interval in wanted.items() if interval is not None}
        self._due["iccid"] = self._due["cell"] = now

    def settings_changed(self, now: float) -> None:
        """The intervals may be others now: each next question follows the new one."""
        for name in ("pins", "signal", "temperature"):
            if not self._is_given_up(name):
                self._plan(name, now)

    @property
    def next_due(self) -> float:
        """When `pump` has something to do next (monotonic); infinity when nothing is planned."""
        if self._asked is not None:
            impatient = self._asked.since + _PATIENCE_S if self._commands and self._asked.request is None else _NEVER
            return min(self._asked.deadline, impatient)
        return -_NEVER if self._commands else min(self._due.values(), default=_NEVER)

    def pump(self, now: float) -> None:
        """Do what is due: give up an unanswered question, send the next one."""
        if self._asked is not None:
            if now < self.next_due:
                return
            self._give_up(now)
        while self._commands and self._asked is None:
            self._send_command(*self._commands.popleft(), now)
        if self._asked is None:
            self._ask(now)

    def take_command(self, command: SendCommand, now: float) -> None:
        """Put a person's command behind those that wait already; it is answered in every case."""
        if self._commands is None:
            self._commands = deque()
        if len(self._commands) >= WAITING_LIMIT:
            self._tell(command, error=f"{WAITING_LIMIT} commands wait for this modem already", cause="not_sent")
            return
        self._commands.append((command, now + command.timeout_s))
        self._session.questions_due(now)

    def look_again(self, now: float) -> None:
        """Reports of the modem were lost on their way to the hub: ask for the pins soon."""
        self.has_reported = False
        if self._session.modem.settings.ask.pins_s is not None:
            self._due["pins"] = now
            self._session.questions_due(now)

    def take_turn(self, now: float) -> None:
        """The meter speaks and a turn is owed: the question that has waited for longest goes, before any program."""
        name = min(self._due, key=self._due.__getitem__, default=None)
        if name is not None and self._due[name] <= now + _BUSY_RETRY_S:
            self._due[name] = -_NEVER
            self._session.questions_due(now)

    def answered(self, answer: Answer, now: float) -> None:
        """The modem answered the outstanding question."""
        self._see(answer)
        self._conclude(answer.command, dict(answer.values), now)

    def reported(self, report: PinReport, now: float) -> None:
        """The modem told its pins: as an answer, or because one changed."""
        self.has_reported = True
        if report.asked:
            pins = [{"pin": pin.number, "is_output": pin.is_output, "is_high": pin.is_high} for pin in report.pins]
            self._conclude("pins", {"pins": pins}, now)
        elif not self._is_reporting and now - self._pins_given_up_at > _LATE_REPORT_S:
            self._is_reporting = True
            self._plan("pins", now)

    def end(self, *, hung_up: bool) -> None:
        """The session is over; `hung_up`: by the modem itself."""
        asked, self._asked = self._asked, None
        if asked is not None and asked.request is not None:
            if hung_up and asked.command in _HANGS_UP:
                self._tell(asked.request, {"hung_up": True})
            else:
                self._tell(asked.request, error="the modem disconnected before it answered", cause="cut")
        waiting, self._commands = self._commands, None
        for command, _ in waiting or ():
            self._tell(command, error="the modem disconnected before the command was sent", cause="not_sent")

    def _send_command(self, command: SendCommand, deadline: float, now: float) -> None:
        if now >= deadline:
            self._tell(command, error="the modem was busy until the command's time was over", cause="not_sent")
            return
        limit = now + max(self._session.shared.settings.command_timeout_s, _SLOW_S.get(command.command, 0.0))
        try:
            self._put(command.command, command.args, now, min(deadline, limit), command)
        except LocalProtocolError as error:
            self._tell(command, error=str(error), cause="invalid")

    def _ask(self, now: float) -> None:
        """Send the hub's own question that has been due for longest, if the line is free for it."""
        name = min(self._due, key=self._due.__getitem__, default=None)
        if name is None or self._due[name] > now:
            return
        if self._due[name] > -_NEVER and (retry_s := self._busy_for(now)):
            for waiting, due in self._due.items():
                self._due[waiting] = max(due, now + retry_s)
            return
        del self._due[name]
        self._blocked_since = None
        self.is_owed_a_turn = False
        try:
            self._put(name, {}, now, now + self._session.shared.settings.command_timeout_s, None)
        except LocalProtocolError as error:
            _log.debug("modem %s is not asked for %s: %s", self._session.modem.settings.modem, name, error)

    def _busy_for(self, now: float) -> float:
        """Return after how long to look at the line again, 0 when it is free for a question of the hub."""
        line = self._session.modem.line
        quiet_s = now - line.last_traffic
        if not line.poll_in_progress and quiet_s >= self._session.shared.settings.command_gap_s:
            return 0.0
        if self._blocked_since is None:
            self._blocked_since = now
        if now - self._blocked_since < _BUSY_LIMIT_S:
            return _BUSY_RETRY_S
        if not line.is_answer_owed:
            return 0.0
        if not self.is_owed_a_turn:
            self.is_owed_a_turn = True
            line.close_pipe()  # so that the session sees the meter's next bytes, and the gap behind them
        return _BUSY_RETRY_S

    def _put(self, name: str, args: dict[str, Any], now: float, deadline: float, request: SendCommand | None) -> None:
        frame = self._wire.send_command(name, args, None if request is None else request.form)
        self._asked = _Outstanding(name, now, deadline, request)
        self._session.write_frame(frame)

    def _conclude(self, command: str, values: dict[str, Any], now: float) -> None:
        asked = self._asked
        if asked is None or asked.command != command:
            return
        self._asked = None
        if asked.request is not None:
            refusal = f"the modem refused: {values.get('text')}" if values.get("is_refused") else None
            self._tell(asked.request, values, refusal, cause="refused" if refusal else "")
            self._read_back(command)
        elif self._unanswered is not None:
            self._unanswered.pop(command, None)
        if asked.request is None or command in self._due:
            self._plan(command, now)
        self._session.questions_due(now)

    def _give_up(self, now: float) -> None:
        asked, self._asked = self._asked, None
        if asked is None:
            return
        self._wire.cancel_command()
        if asked.command == "pins":
            self._pins_given_up_at = now
        if asked.request is not None:
            error = f"the modem did not answer within {now - asked.since:.0f} s"
            self._tell(asked.request, error=error, cause="unanswered")
            self._read_back(asked.command)
            return
        if now < asked.deadline:  # it gave way to a command
            self._due[asked.command] = now + _BUSY_RETRY_S
            return
        counts = self._unanswered = self._unanswered or {}
        counts[asked.command] = counts.get(asked.command, 0) + 1
        if not self._is_given_up(asked.command):
            self._plan(asked.command, now)

    def _read_back(self, command: str) -> None:
        # A pin shows what it was set to only when it is read; the line's quiet is not waited for.
        if command in ("set_output", "pulse"):
            self._due["pins"] = -_NEVER

    def _plan(self, name: str, now: float) -> None:
        ask = self._session.modem.settings.ask
        intervals = {"signal": ask.signal_s, "temperature": ask.temperature_s}
        intervals["pins"] = ask.pins_reporting_s if self._is_reporting and ask.pins_s is not None else ask.pins_s
        if self._due.get(name) == -_NEVER:
            return
        if (interval := intervals.get(name)) is None:
            self._due.pop(name, None)
        else:
            self._due[name] = now + interval * random.uniform(0.9, 1.1)  # noqa: S311 - spreads load, hides nothing

    def _is_given_up(self, name: str) -> bool:
        return self._unanswered is not None and self._unanswered.get(name, 0) >= _UNANSWERED_LIMIT

    def _see(self, answer: Answer) -> None:
        if values := {key: answer.values[key] for key in _SEEN_KEYS if key in answer.values}:
            session = self._session
            session.shared.to_hub(
                ValuesSeen(
                    modem=session.modem.settings.modem,
                    generation=session.generation,
                    at=session.shared.unix_time(),
                    values=values,
                )
            )

    def _tell(
        self, command: SendCommand, data: dict[str, Any] | None = None, error: str | None = None, cause: str = ""
    ) -> None:
        self._session.shared.to_hub(
            CommandAnswered(
                request=command.request,
                modem=command.modem,
                status="ok" if error is None else "error",
                data=data or {},
                error=error,
                cause=cause,
            )
        )
