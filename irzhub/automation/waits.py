"""Runs that wait for something to happen (`wait_for`): to their own modem, unless the trigger names another."""

from collections.abc import Callable
from dataclasses import dataclass, field

from irzhub.automation.actions import WaitAction
from irzhub.automation.index import concerns
from irzhub.automation.occurrence import Occurrence
from irzhub.automation.run import Run, World
from irzhub.automation.triggers import Trigger, kinds_of


@dataclass(slots=True)
class _Wait:
    """A run that waits for one of some triggers."""

    run: Run
    triggers: tuple[Trigger, ...]
    fired: Callable[[], None]


@dataclass(slots=True)
class Waits:
    """The waits of all runs, by the kind of occurrence that can end them."""

    world: World
    _waits: dict[str, dict[int, _Wait]] = field(default_factory=dict)

    def __contains__(self, kind: str) -> bool:
        return kind in self._waits

    def listen(self, run: Run, action: WaitAction, fired: Callable[[], None]) -> Callable[[], None]:
        """Have `fired` called once one of the triggers fires; return the function that ends this."""
        wait = _Wait(run, action.triggers, fired)
        kinds = {kind for trigger in action.triggers for kind in kinds_of(trigger)}
        for kind in kinds:
            self._waits.setdefault(kind, {})[id(wait)] = wait

        def stop() -> None:
            for kind in kinds:
                if (waits := self._waits.get(kind)) is not None:
                    waits.pop(id(wait), None)
                    if not waits:
                        del self._waits[kind]

        return stop

    def take(self, occurrence: Occurrence) -> None:
        """Tell the runs of an occurrence that waited for it."""
        for wait in list(self._waits.get(occurrence.kind, {}).values()):
            if self._is_awaited(wait, occurrence):
                wait.fired()

    def _is_awaited(self, wait: _Wait, occurrence: Occurrence) -> bool:
        state = self.world.state_of(occurrence.modem)
        for trigger in wait.triggers:
            if occurrence.kind not in kinds_of(trigger) or not trigger.fires(occurrence):
                continue
            is_own = bool(trigger.modem or trigger.group or trigger.organisation)
            if is_own and concerns(trigger, occurrence.modem, state):
                return True
            if not is_own and occurrence.modem in (None, wait.run.occurrence.modem):
                return True
        return False
