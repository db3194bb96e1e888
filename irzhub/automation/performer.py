"""Does the steps of runs: tells, commands, waits. Nothing blocks: a run goes on when it is told how a step ended."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

from irzhub.alerts.messages import Message
from irzhub.automation.actions import (
    CommandAction,
    DelayAction,
    PublishAction,
    TellAction,
    VariablesAction,
    WaitAction,
    WakeAction,
)
from irzhub.automation.agenda import Agenda
from irzhub.automation.breaker import Breaker
from irzhub.automation.burden import Burden
from irzhub.automation.conditions import all_hold
from irzhub.automation.ports import Effects, Incidents, Kept
from irzhub.automation.run import Run, World, lag_since, render_values
from irzhub.automation.script import WAITED_IN_VAIN, Check, Do, Step, Stopped
from irzhub.automation.templates import TemplateFailed
from irzhub.automation.traces import Result
from irzhub.core.services import ModemCommand, WakeModem

MOST_STEPS: Final = 1000
MOST_TIME_S: Final = 0.1
"""Steps and processor time of one run between two waits; a rule that takes more is stopped and named."""
_LONGEST_TITLE: Final = 400
_LONGEST_TOPIC: Final = 500
_LATER: Final = object()
_TOLD: Final = "told"
_FREE_STEPS: Final = 50

Listen = Callable[[Run, WaitAction, Callable[[], None]], Callable[[], None]]
"""Has a run told when one of the triggers of a wait fires; returns what ends this."""


@dataclass(slots=True)
class Performer:
    """Takes runs from step to step.

    Args:
        ended: is told of each run that has ended, with how.
        listen: waits for triggers on behalf of a run.
        incidents: what is open, None while nobody keeps incidents.
    """

    world: World
    effects: Effects
    agenda: Agenda
    breaker: Breaker
    ended: Callable[[Run, Result], None]
    listen: Listen
    incidents: Incidents | None = None

    def begin(self, run: Run) -> None:
        """Do the steps of a run until it waits or ends."""
        self._go_on(run, None)

    def resume(self, run: Run, log: list[Any]) -> None:
        """Go on with a run where it was before a restart.

        Raises:
            Stopped: the log belongs to another rule than this one.
        """
        try:
            step = next(run.steps)
            for answer in log:
                self._note_answer(run, step, answer)
                run.log.append(answer)
                step = run.steps.send(answer)
        except StopIteration:
            raise Stopped("there is nothing left to do", is_error=True) from None
        self._go_on(run, None, step)

    def cancel(self, run: Run) -> None:
        """End a run that waits, without doing the rest."""
        if not run.is_over:
            self._end(run, "cancelled")

    def _go_on(self, run: Run, answer: Any, first: Step | None = None) -> None:
        began, number = time.thread_time(), 0
        step = first
        try:
            while True:
                if step is None:
                    step = run.steps.send(answer)
                number += 1
                if number > MOST_STEPS or (number > _FREE_STEPS and time.thread_time() - began > MOST_TIME_S):
                    raise Stopped(f"it takes more than {MOST_STEPS} steps or {MOST_TIME_S * 1000:g} ms", is_error=True)
                answer = self._do(run, step)
                if answer is _LATER:
                    self._keep(run)
                    return
                self._note_answer(run, step, answer)
                run.log.append(answer)
                step = None
        except StopIteration:
            self._end(run, "done")
        except Stopped as stopped:
            run.trace.error = stopped.reason
            self._end(run, "failed" if stopped.is_error else "stopped")
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:  # a fault of ours costs this run alone
            run.trace.error = f"{type(error).__name__}: {error}"
            self._end(run, "failed")

    def _answered(self, run: Run, step: Step, answer: Any) -> None:
        """A step for which the run waited has ended."""
        if run.is_over:
            return
        now = self.world.clock.monotonic()
        run.lag_s = 0.0 if run.waiting is None else lag_since(run.waiting.due, now)
        run.let_go()
        run.version += 1
        self._note_answer(run, step, answer)
        run.log.append(answer)
        self._go_on(run, answer)

    @staticmethod
    def _note_answer(run: Run, step: Step, answer: Any) -> None:
        if isinstance(step, Do):
            if isinstance(step.action, VariablesAction) and isinstance(answer, dict):
                run.variables.update(answer)
            elif isinstance(step.action, WaitAction) or getattr(step.action, "wait", False):
                run.variables["result"] = answer

    # One step.

    def _do(self, run: Run, step: Step) -> Any:
        match step:
            case Check(conditions, path):
                holds = all_hold(conditions, run)
                run.trace.step(path, holds)
                return holds
            case Do(action, path):
                match action:
                    case TellAction():
                        return self._tell(run, action, path)
                    case PublishAction():
                        return self._publish(run, action, path)
                    case CommandAction():
                        return self._command(run, step, action)
                    case WakeAction():
                        return self._wake(run, step, action)
                    case DelayAction():
                        run.trace.step(path, "delay", seconds=action.for_s)
                        return self._wait(run, step, action.for_s, None)
                    case WaitAction():
                        run.trace.step(path, "wait", seconds=action.timeout_s)
                        run.stop_waiting = self.listen(run, action, partial(self._answered, run, step, "fired"))
                        return self._wait(run, step, action.timeout_s, WAITED_IN_VAIN)
                    case VariablesAction():
                        return self._set(run, action, path)

    def _wait(self, run: Run, step: Step, seconds: float, answer: Any) -> Any:
        left_s, run.left_s = run.left_s, None
        due = self.world.clock.monotonic() + (seconds - run.lag_s if left_s is None else left_s)
        run.waiting = self.agenda.at(due, partial(self._answered, run, step, answer))
        return _LATER

    def _set(self, run: Run, action: VariablesAction, path: str) -> Any:
        try:
            values = render_values(run, action.values)
        except TemplateFailed as error:
            run.trace.step(path, "failed", error=str(error))
            return {}
        run.trace.step(path, "variables")
        return values

    def _tell(self, run: Run, action: TellAction, path: str) -> str | None:
        if why := self._why_muted(run):
            run.trace.step(path, "not told", error=why)
            return None
        if (found := action.resolved(run.occurrence)) is None:
            run.trace.step(path, "not told", error="nobody is to be told any more")
            return None
        action = found
        text = self._text(run, action.text, path) if action.text else run.plain_text()
        title = self._text(run, action.title, path) if action.title else ""
        about = self._text(run, action.about, path) if action.about else run.subject
        occurrence, incident = run.occurrence, run.occurrence.data.get("alert")
        if self.incidents is not None and (event := occurrence.event()) is not None:
            incident = self.incidents.incident_for(event)
        message = Message(
            rule=run.rule.id,
            subject=about[:200],
            event_id=self._event_id(run),
            ts=occurrence.ts,
            text=text,
            title=" ".join(title.split())[:_LONGEST_TITLE],
            severity=action.severity,
            modem=occurrence.modem,
            targets=action.targets,
            recipients=action.recipients,
            channels=action.channels,
            damp_s=action.damp_s,
            incident=incident if isinstance(incident, int) else None,
            closes=action.closes,
            event=occurrence.shown(),
        )
        run.trace.step(path, "told", text=text, to=_whom(action))
        run.burden.add()
        self.effects.tell(message, partial(self._told, run, path, run.burden))
        return _TOLD

    def _why_muted(self, run: Run) -> str:
        """Return why nobody is told anything by this run, empty when people are."""
        state = run.modem(None)
        if state is not None and state.commissioning:
            return "the modem is being commissioned"
        if self.incidents is None:
            return ""
        why = self.incidents.why_muted(run.occurrence.modem, self.world.clock.now())
        return f"nobody is told during {why}" if why else ""

    @staticmethod
    def _told(run: Run, path: str, burden: Burden, outcome: dict[str, Any]) -> None:
        if outcome.get("status") != "ok":
            run.trace.step(path, outcome.get("status"), error=str(outcome.get("error")))
        burden.release()

    @staticmethod
    def _event_id(run: Run) -> str:
        """Return a name for what is told that is the same after a restart, and another for each step."""
        id_ = run.occurrence.id
        return f"{id_}:{len(run.log)}"[:64] if _TOLD in run.log else id_

    def _text(self, run: Run, template: str, path: str) -> str:
        """Return a rendered text, or a plain one when that fails: a broken template must not cost an alarm."""
        try:
            return run.render(template)
        except TemplateFailed as error:
            run.trace.step(path, "template failed", error=str(error), text=template)
            return run.plain_text()

    def _publish(self, run: Run, action: PublishAction, path: str) -> None:
        try:
            topic, payload = run.render(action.topic), run.render(action.payload)
        except TemplateFailed as error:
            run.trace.step(path, "failed", error=str(error))
            return
        if not 0 < len(topic) <= _LONGEST_TOPIC or any(char in "+#\0" for char in topic):
            run.trace.step(path, "failed", error="expected a topic without + and #", text=topic)
            return
        run.trace.step(path, "published", topic=topic)
        self.breaker.note_message(topic, run.occurrence.depth, self.world.clock.monotonic())
        run.burden.add()
        self.effects.publish(topic, payload, retain=action.retain, done=partial(self._told, run, path, run.burden))

    def _command(self, run: Run, step: Do, action: CommandAction) -> Any:
        modem = action.modem or run.occurrence.modem
        if modem is None:
            run.trace.step(step.path, "failed", error="expected `modem`: what set the rule off has none")
            return {"status": "error", "error": "no modem"}
        try:
            args = render_values(run, action.args)
        except TemplateFailed as error:
            run.trace.step(step.path, "failed", error=str(error))
            return {"status": "error", "error": str(error)}
        command = ModemCommand(
            modem=modem,
            command=action.command,
            args=args,
            expires_at=self.world.clock.now() + timedelta(seconds=action.expires_in_s),
            origin=f"rule:{run.rule.id}",
            dedupe=f"{run.occurrence.id}:{len(run.log)}:{run.rule.id}"[:80] if run.occurrence.id else None,
        )
        self.breaker.note_command(modem, action.command, run.occurrence.depth, self.world.clock.monotonic())
        run.trace.step(step.path, "sent", command=action.command, modem=modem)
        return self._ask(run, step, partial(self.effects.command, command), wait=action.wait)

    def _wake(self, run: Run, step: Do, action: WakeAction) -> Any:
        modem = action.modem or run.occurrence.modem
        if modem is None:
            run.trace.step(step.path, "failed", error="expected `modem`: what set the rule off has none")
            return {"status": "error", "error": "no modem"}
        wake = WakeModem(modem=modem, reason=f"rule:{run.rule.id}", timeout_s=action.timeout_s)
        self.breaker.note_wake(modem, run.occurrence.depth, self.world.clock.monotonic())
        run.trace.step(step.path, "woken", modem=modem)
        return self._ask(run, step, partial(self.effects.wake, wake), wait=action.wait)

    def _ask(self, run: Run, step: Do, ask: Callable[[Callable[[dict[str, Any]], None]], None], *, wait: bool) -> Any:
        ask(partial(self._outcome, run, step, is_awaited=wait))
        return _LATER if wait else None

    def _outcome(self, run: Run, step: Do, outcome: dict[str, Any], *, is_awaited: bool) -> None:
        more = {"error": str(outcome["error"])} if outcome.get("error") else {}
        run.trace.step(step.path, outcome.get("status"), **more)
        if is_awaited:
            self.agenda.at(self.world.clock.monotonic(), partial(self._answered, run, step, outcome))

    # Between two waits: what was told is kept first, then where the run stands, then what set it off is forgotten.

    def _keep(self, run: Run) -> None:
        segment, version = run.burden, run.version
        run.burden = Burden(lambda: None)
        due = None if run.waiting is None else run.waiting.due - self.world.clock.monotonic()
        run.kept_key = run.kept_key or f"run/{run.trace.id}"
        kept = Kept(
            key=run.kept_key,
            kind="run",
            rule=run.rule.id,
            due=None if due is None else self.world.clock.now() + timedelta(seconds=due),
            data={
                "occurrence": run.occurrence.to_json(),
                "trigger": run.number,
                "log": list(run.log),
                "actions": run.rule.mark,
            },
        )

        def store() -> None:
            if run.version == version and not run.is_over:
                self.effects.keep(kept, outer)
            else:
                outer()

        outer, segment.lifted = segment.lifted, store
        segment.release()

    def _end(self, run: Run, result: Result) -> None:
        run.is_over = True
        run.let_go()
        segment = run.burden
        if run.kept_key:
            outer, segment.lifted = segment.lifted, lambda: self.effects.drop(run.kept_key, outer)
        self.ended(run, result)
        segment.release()


def _whom(action: TellAction) -> str:
    return ", ".join([*action.targets, *(f"{each.channel}:{each.address}" for each in action.recipients)])
