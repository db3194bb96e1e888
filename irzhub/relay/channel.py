"""The client side of one modem: its programs, who of them has the meter line, and what waits where.

Nothing here is a task and nothing waits. Bytes go from one socket's callback into the other socket in one
write; what may not go yet is kept within limits, and whoever sends more is not read until it has gone.
"""

import asyncio
import logging
from typing import Final

from irzhub.relay import client_reports
from irzhub.relay.absence import Absence
from irzhub.relay.admission import why_refused
from irzhub.relay.context import ClientSide
from irzhub.relay.line_phases import Phase
from irzhub.relay.link import ModemLink
from irzhub.relay.messages import LineProgram
from irzhub.relay.modem_pause import ModemPause
from irzhub.relay.networks import is_inside
from irzhub.relay.pipe import SMALL, Pipe
from irzhub.relay.polls import Refusal
from irzhub.relay.program import Program
from irzhub.relay.settings import ModemSettings
from irzhub.relay.sharing import LONG_AGO, Line

_log = logging.getLogger(__name__)

_MODEM_FULL: Final = 1  # causes for which a program is not read
_KEPT_FULL: Final = 2
_AGAIN_S: Final = 60.0  # how often the hub is told that programs are refused
_SHARED_PAUSE_S: Final = 0.2  # how long a modem waits for a program when others listen too
_HARD_LIMIT: Final = 4  # times `data_limit`: no program has more of the hub's memory (RELIABILITY F15)


class Channel:
    """The programs of one modem and its link, one object for each modem for as long as it is registered.

    A modem that is away (`offline`): `accept` keeps what programs send, the newest `data_limit` bytes of each,
    and sends it when the modem comes, unless it is older than `answer_timeout_s` by then: nobody waits for
    that answer any more. `wake` asks the hub for the modem too, and whoever waited for `wake_wait_s` in vain is
    closed; what it sent is kept for so long. `refuse` closes at once.
    A modem that is lost: programs are closed, or held for `hold_s` as if they had met it away.
    """

    __slots__ = (
        "_absence",
        "_line",
        "_link",
        "_pause",
        "_pipe",
        "_programs",
        "_refusal_told",
        "_settings",
        "_side",
        "_timer",
        "_timer_at",
    )

    def __init__(self, settings: ModemSettings, side: ClientSide) -> None:
        self._settings = settings
        self._side = side
        self._line: Line[Program] = Line(settings.sharing)
        self._link: ModemLink | None = None
        self._programs: tuple[Program, ...] = ()
        self._pipe: Pipe | None = None
        self._pause: ModemPause | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._absence = Absence(side)
        self._refusal_told = LONG_AGO

    @property
    def settings(self) -> ModemSettings:
        """How this modem is treated; a change takes effect at once and closes nobody."""
        return self._settings

    @settings.setter
    def settings(self, settings: ModemSettings) -> None:
        """Take on new ones."""
        self.close_pipe()
        self._settings = settings
        self._line.settings = settings.sharing
        self._take_turns(self._side.monotonic())

    @property
    def programs(self) -> tuple[Program, ...]:
        """Who is connected, in order of coming."""
        return self._programs

    @property
    def is_modem_there(self) -> bool:
        """Whether a session of the modem is attached."""
        return self._link is not None

    # What the session asks and tells: `LineWatch` and the modem's own life.

    @property
    def poll_in_progress(self) -> bool:
        """Whether a program holds the line or is owed an answer."""
        return self._line_now.is_busy(self._side.monotonic())

    @property
    def is_answer_owed(self) -> bool:
        """Whether a program waits for an answer of the meter; False in its pauses, though it holds the line."""
        return self._line_now.phase is Phase.ASKED and self._line.is_busy(self._side.monotonic())

    @property
    def last_traffic(self) -> float:
        """Monotonic time of the last byte either way; minus infinity when there was none."""
        return self._line_now.last_traffic

    def attach(self, link: ModemLink) -> None:
        """The modem is connected: `link` reaches it. What programs sent of late goes to it now."""
        if self._link is not None:
            self.detach(self._link)
        self._link = link
        self._absence.end()
        self._line.attach()
        now = self._side.monotonic()
        for program in self._programs:
            self._forget_old(program, now)
        self.modem_writable(not link.is_write_paused)
        self._take_turns(now)
        self._side.on_presence(self)

    def detach(self, link: ModemLink) -> None:
        """The session of `link` is over: nothing is written to it any more; programs are closed or held."""
        if link is not self._link:
            return
        self.close_pipe()
        self._link = None
        self._line.detach()
        self._side.polls.lose(self._settings.modem)
        self._stop_timers()
        for program in self._programs:
            program.resume(_MODEM_FULL | _KEPT_FULL)
        if self._settings.hold_s is None:
            self.close("modem_lost")
        else:
            self._absence.hold(self._programs, self._settings.hold_s)
        self._side.on_presence(self)

    def modem_data(self, payload: bytes) -> None:
        """The meter sent bytes that no pipe took. They go to whoever is meant by them, and to observers."""
        line, side = self._line, self._side
        self.close_pipe()
        if self._link is None:
            return
        now = side.monotonic()
        if line.phase is Phase.ASKED:
            side.latency.observe(now - line.owed_since)
        audience = line.hear(payload, now)
        side.polls.of(self._settings.modem).hear(payload, now)
        if line.loss:
            side.dropped.add(len(payload), line.loss)
            side.rings.append(self._settings.modem, "-", payload, now)
        else:
            side.rings.append(self._settings.modem, "=", payload, now)
        for program in audience:
            program.deliver(payload)
        if line.has_waiting:
            self._take_turns(now)

    def modem_writable(self, is_writable: bool) -> None:
        """The modem takes bytes now or does not: its programs are read or not read accordingly."""
        for program in self._programs:
            change = program.resume if is_writable else program.pause
            change(_MODEM_FULL)

    def close(self, reason: str) -> None:
        """Close all programs; the channel can be used on."""
        for program in self._programs:  # nobody gets a turn because the one before was closed
            self._drop_kept(program, program.forget_kept())
        for program in self._programs:
            program.close(reason)
        self._stop_timers()

    def kick(self, client: str) -> bool:
        """Disconnect one program; say whether it was there."""
        for program in self._programs:
            if program.client == client:
                program.close("kicked")
                return True
        return False

    def stop_waiting(self) -> None:
        """The hub cannot wake the modem: close the programs that wait for it."""
        if self._link is None:
            self._absence.give_up()

    def describe(self) -> list[LineProgram]:
        """Return who is connected, and who of them has the line."""
        return client_reports.describe(self._programs, self._line_now.owner)

    def new_program(self) -> Program:
        """Return the protocol for one accepted socket."""
        return Program(self, self._side)

    # What programs tell: `ProgramHost`.

    def admit(self, program: Program) -> bool:
        """A program has connected: take it in, or close it."""
        if not is_inside(program.peer_host, self._settings.allow):
            program.close("refused")
            self._side.polls.refuse(self._settings.modem, program.peer_host, "refused")
            if self._side.is_news(program.peer_host):
                peer, modem = program.peer, self._settings.modem
                _log.warning("refused %s at modem %s: its address is in none of the allowed networks", peer, modem)
            return False
        program.is_observer = is_inside(program.peer_host, self._settings.sharing.observers)
        settings, present, is_away = self._settings, len(self._programs), self._link is None
        if (why := why_refused(program, settings, self._side, self._line.speakers, present, is_away)) is not None:
            self._refuse(program, why)
            return False
        self.close_pipe()
        for other in self._programs:
            if other.is_half_closed:
                other.close("closed")
            elif settings.sharing.mode == "kick_old" and not (program.is_observer or other.is_observer):
                other.close("replaced")
        self._programs += (program,)
        self._line.join(program, reads_only=program.is_observer)
        self._side.clients += 1
        self._side.report(client_reports.opened(settings.modem, program, self._side.unix_time(), len(self._programs)))
        if self._link is None:
            self._absence.want(program, settings)
        elif self._link.is_write_paused:
            program.pause(_MODEM_FULL)
        return True

    def program_data(self, program: Program, data: bytes) -> None:
        """A program sent bytes that no pipe took."""
        self.close_pipe()
        now = self._side.monotonic()
        if program.is_observer:
            self._drop(len(data), "read_only")
        elif self._line.speak(program, data, now):
            program.tx_bytes += len(data)
            self._send(program, data, now)
            if len(data) <= SMALL:
                self._open_pipe(program)
        else:
            self._keep(program, data, now)

    def program_half_closed(self, program: Program) -> bool:
        """A lone program that sends no more still gets the answer it is owed, if that begins within `idle_s`."""
        self.close_pipe()
        sharing = self._settings.sharing
        is_owed = program.kept_bytes > 0 or (self._line.owner is program and self._line.phase is Phase.ASKED)
        if not is_owed or self._line.speakers != (program,):
            return False
        program.linger(sharing.idle_s, sharing.answer_gap_s)
        return True

    def program_gone(self, program: Program, reason: str) -> None:
        """A program left or was cut; the next one has its turn, or waits until the line is quiet."""
        self.close_pipe()
        now = self._side.monotonic()
        self._drop_kept(program, program.forget_kept())
        self._absence.forget(program)
        self._programs = tuple(each for each in self._programs if each is not program)
        self._line.leave(program, now, of_its_own_will=reason == "closed")
        self._side.clients -= 1
        self._drop(program.missed_bytes, "late")
        self.program_relieved(program)
        self._tell_closed(program, reason)
        self._take_turns(now)

    def program_congested(self, program: Program) -> None:  # noqa: ARG002 - it is the one with the pipe, if any
        """A program does not keep up: what comes for it is looked at from now on."""
        self.close_pipe()

    def program_full(self, program: Program, size_bytes: int) -> None:
        """A program does not keep up: the modem waits for it, but not for long (ARCHITECTURE D4)."""
        settings = self._side.settings
        if size_bytes > _HARD_LIMIT * settings.data_limit:
            program.cut("stalled")
        elif self._pause is None and self._link is not None and not program.was_waited_for:
            is_alone = len(self._programs) == 1 or self._line.owner is program
            pause_s = settings.modem_pause_s if is_alone else min(_SHARED_PAUSE_S, settings.modem_pause_s)
            self._pause = ModemPause(program, self._link, pause_s, self._end_pause, is_alone=is_alone)
            self._line.stop_listening()

    def program_relieved(self, program: Program) -> None:
        """A program has taken all that waited for it."""
        if self._pause is not None and self._pause.program is program:
            self._pause.end()

    def close_pipe(self) -> None:
        """Something else than plain data comes: what has passed so far is settled."""
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.close()

    def _open_pipe(self, program: Program) -> None:
        link = self._link
        if link is None or program.is_congested or program.is_half_closed or not self._line.is_pipe_of(program):
            return
        if (end := link.meter_end) is not None:
            self._pipe = Pipe(self._settings.modem, self._line, self._side, program, link, end)
            self._pipe.open()

    # Within.

    @property
    def _line_now(self) -> Line[Program]:
        if self._pipe is not None:
            self._pipe.settle()
        return self._line

    def _refuse(self, program: Program, why: str) -> None:
        program.close("refused")
        now = self._side.monotonic()
        self._side.polls.refuse(self._settings.modem, program.peer_host, "busy" if self._link else "away")
        if now - self._refusal_told >= _AGAIN_S:
            self._refusal_told = now
            _log.info("program %s refused at modem %s: %s", program.peer, self._settings.modem, why)
            self._tell_closed(program, "refused")

    def _send(self, program: Program, data: bytes, now: float) -> None:
        if self._link is not None:
            self._link.write(data)
            self._side.rings.append(self._settings.modem, ">", data, now)
            self._side.polls.of(self._settings.modem).ask(program.peer_host, data, now)

    def _keep(self, program: Program, data: bytes, now: float) -> None:
        limit = self._side.settings.data_limit
        program.keep(data, now)
        if self._link is None:
            # A program that is not read would not be seen to leave, and a modem may be away for days.
            self._drop_kept(program, program.forget_kept(beyond=limit), "overflow")
            self._forget_old(program, now)
            self._absence.want(program, self._settings)
        else:
            if program.kept_bytes >= limit:
                program.pause(_KEPT_FULL)
            self._take_turns(now)

    def _forget_old(self, program: Program, now: float) -> None:
        settings = self._settings
        wait_s = settings.wake_wait_s if settings.offline == "wake" else 0.0
        old = program.forget_kept(before=now - max(settings.sharing.answer_timeout_s, wait_s))
        self._drop_kept(program, old, "offline")
        if not program.kept_bytes:
            self._line.forget_waiting(program)

    def _drop_kept(self, program: Program, questions: list[bytes], reason: str = "") -> None:
        why: Refusal = "away" if self._link is None else "busy"
        size_bytes = self._side.polls.turn_away(self._settings.modem, program.peer_host, questions, why)
        if reason:
            self._drop(size_bytes, reason)

    def _drop(self, size_bytes: int, reason: str) -> None:
        if size_bytes:
            self._side.dropped.add(size_bytes, reason)

    def _take_turns(self, now: float) -> None:
        line = self._line
        while (program := line.next_turn(now)) is not None:
            if data := program.take_kept():
                line.send_kept(program, data, now)
                program.tx_bytes += len(data)
                self._send(program, data, now)
            program.resume(_KEPT_FULL)
        if (deadline := line.deadline) is None:
            return
        # A timer that comes too early plans anew; so it need not be moved with every byte.
        if self._timer is not None and self._timer_at > deadline:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer_at = deadline
            self._timer = asyncio.get_running_loop().call_later(max(deadline - now, 0.001), self._on_time)

    def _on_time(self) -> None:
        self._timer = None
        self._take_turns(self._side.monotonic())

    def _end_pause(self) -> None:
        now = self._side.monotonic()
        self._pause = None
        self._line.listen_again(now)
        self._take_turns(now)

    def _stop_timers(self) -> None:
        self._absence.end()
        if self._timer is not None:
            self._timer.cancel()
        if self._pause is not None:
            self._pause.forget()
        self._timer = self._pause = None

    def _tell_closed(self, program: Program, reason: str) -> None:
        at, clients = self._side.unix_time(), len(self._programs)
        self._side.report(client_reports.closed(self._settings.modem, program, at, clients, reason))
