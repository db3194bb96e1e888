"""Plays a transcript on a `Line`: who does what when, and where each byte ends.

    t      who    does   what   -> where the bytes go
    0      A      comes
    0      A      says   q1     -> meter:q1
    1      meter  says   a1     -> A:a1
    7      B      says   q2     -> kept
    9      time                 -> meter:q2

Lines of `time` are what happens with nobody acting; they are part of what is expected.
"""

import textwrap
from collections.abc import Iterator

from irzhub.relay.settings import SharingSettings
from irzhub.relay.sharing import Line

AT_ONCE = 1e-6


class Stage:
    """A line with everything around it that a channel would be: kept bytes, a clock, a list of what came where."""

    def __init__(self, sharing: SharingSettings | None = None, *, is_modem_there: bool = True) -> None:
        self.line: Line[str] = Line(sharing or SharingSettings())
        self.kept: dict[str, str] = {}
        self.now = 0.0
        if is_modem_there:
            self.line.attach()

    def advance(self, to: float) -> Iterator[tuple[float, list[str]]]:
        """Let time pass, and say what happened by itself."""
        while (deadline := self.line.deadline) is not None and deadline <= to:
            self.now = max(deadline, self.now)
            if happened := self.take_turns():
                yield self.now, happened
            elif self.line.deadline == deadline:
                raise AssertionError(f"at {self.now} a deadline passed and nothing changed")
        self.now = to

    def act(self, who: str, verb: str, what: str) -> list[str]:
        """Do one thing now and return where bytes went."""
        if verb == "comes":
            self.line.join(who)
        elif verb == "watches":
            self.line.join(who, reads_only=True)
        elif verb in ("leaves", "breaks"):
            self.kept.pop(who, None)
            self.line.leave(who, self.now, of_its_own_will=verb == "leaves")
        elif (who, verb) == ("modem", "goes"):
            self.line.detach()
        elif (who, verb) == ("modem", "returns"):
            self.line.attach()
        elif who == "meter":
            return self.hear(what) + self.take_turns()
        elif verb == "says":
            return self.speak(who, what)
        else:
            raise AssertionError(f"nobody knows how {who} {verb}")
        return self.take_turns()

    def speak(self, who: str, what: str) -> list[str]:
        if self.line.speak(who, what.encode(), self.now):
            return [f"meter:{what}"]
        self.kept[who] = self.kept.get(who, "") + what
        return self.take_turns() or ["kept"]

    def hear(self, what: str) -> list[str]:
        audience = self.line.hear(what.encode(), self.now)
        lost = [f"{self.line.loss}:{what}"] if self.line.loss else []
        return [f"{who}:{what}" for who in audience] + lost

    def take_turns(self) -> list[str]:
        sent = []
        while (who := self.line.next_turn(self.now)) is not None:
            if what := self.kept.pop(who, ""):
                self.line.send_kept(who, what.encode(), self.now)
                sent.append(f"meter:{what}")
        return sent


def play(transcript: str, sharing: SharingSettings | None = None, *, is_modem_there: bool = True) -> Stage:
    """Act what the transcript says and assert that bytes went where it says, and that nothing else happened."""
    stage = Stage(sharing, is_modem_there=is_modem_there)
    expected, happened = [], []
    for line in textwrap.dedent(transcript).strip().splitlines():
        action, _, outcome = line.partition("->")
        time, who, *rest = action.split()
        expected.append(_render(float(time), who, rest, outcome.split()))
        for at, sent in stage.advance(float(time) - (0 if who == "time" else AT_ONCE)):
            happened.append(_render(at, "time", [], sent))
        if who != "time":
            stage.now = float(time)
            verb, what = (*rest, "")[:2]
            happened.append(_render(float(time), who, rest, stage.act(who, verb, what)))
    assert "\n".join(happened) == "\n".join(expected)
    return stage


def _render(time: float, who: str, rest: list[str], outcome: list[str]) -> str:
    return f"{time:8.3f}  {who:6} {' '.join(rest):14} -> {' '.join(outcome)}".rstrip(" ->")
