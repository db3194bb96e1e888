"""What sets a rule off. A trigger only looks at an occurrence: what it remembers, the engine keeps.

Each names the kinds of occurrence that may fire it and those that end what it waits for (`for:`), so that the
engine asks nobody whom an occurrence cannot concern.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, TypeAlias

from irzhub.automation.occurrence import Occurrence

Kinds: TypeAlias = tuple[str, ...]

_NOT_AWAY: Final = frozenset({"replaced", "hub_stop", "deleted"})
"""Ends of a session after which the modem is not away: nobody is told, unless the rule names the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What all triggers have: a name for conditions, whom they are about, and how long it has to last.

    Args:
        modem, group, organisation: only these; groups with all below them; empty means any.
        for_s: so long it must stay as it is before the rule runs, in seconds.
    """

    listens: ClassVar[Kinds] = ()
    ends_on: ClassVar[Kinds] = ()

    id: str = ""
    modem: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    for_s: float = 0.0

    def fires(self, _occurrence: Occurrence) -> bool:
        """Say whether an occurrence of a kind that it listens to is the one."""
        return True

    def ends(self, _occurrence: Occurrence) -> bool:
        """Say whether an occurrence of a kind in `ends_on` ends what is waited for; the subject is the same."""
        return True

    def subject(self, occurrence: Occurrence) -> str:
        """Return what it is about: waiting and damping are counted for each subject."""
        return occurrence.modem or "hub"

    def values(self, _occurrence: Occurrence) -> dict[str, Any]:
        """Return what templates see as `trigger.*` beside the data of the occurrence."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedTrigger(Trigger):
    """A modem dialled in, and stays."""

    listens: ClassVar[Kinds] = ("connected",)
    ends_on: ClassVar[Kinds] = ("disconnected", "deleted")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisconnectedTrigger(Trigger):
    """A modem's link was lost, and does not come back; `reason` empty means all but those that are no loss."""

    listens: ClassVar[Kinds] = ("disconnected",)
    ends_on: ClassVar[Kinds] = ("connected", "deleted")

    reason: tuple[str, ...] = ()

    def fires(self, occurrence: Occurrence) -> bool:
        reason = occurrence.data.get("reason")
        return reason in self.reason if self.reason else reason not in _NOT_AWAY


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedScheduleTrigger(Trigger):
    """A modem did not dial in during its window."""

    listens: ClassVar[Kinds] = ("missed_schedule",)
    ends_on: ClassVar[Kinds] = ("connected", "deleted")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredTrigger(Trigger):
    """A modem was seen for the first time."""

    listens: ClassVar[Kinds] = ("registered",)


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedTrigger(Trigger):
    """A dial-in was turned away."""

    listens: ClassVar[Kinds] = ("rejected",)

    reason: tuple[str, ...] = ()

    def fires(self, occurrence: Occurrence) -> bool:
        return not self.reason or occurrence.data.get("reason") in self.reason

    def subject(self, occurrence: Occurrence) -> str:
        return occurrence.modem or f"hub/rejected/{occurrence.data.get('peer', '')}"[:200]


GpiTo: TypeAlias = Literal["on", "off", "alarm", "normal", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GpiTrigger(Trigger):
    """An input changed. `alarm` and `normal` follow the input's own setting of what is normal."""

    listens: ClassVar[Kinds] = ("gpi_changed",)
    ends_on: ClassVar[Kinds] = ("gpi_changed", "deleted")

    input: tuple[int, ...] = ()
    to: GpiTo = "any"

    def fires(self, occurrence: Occurrence) -> bool:
        data = occurrence.data
        if self.input and data.get("pin") not in self.input:
            return False
        match self.to:
            case "any":
                return True
            case "alarm" | "normal":
                return is_alarm(occurrence) is (self.to == "alarm")
            case _:
                return bool(data.get("level") == self.to.upper())

    def ends(self, _occurrence: Occurrence) -> bool:
        return True  # the same input changed again, or the modem is gone

    def subject(self, occurrence: Occurrence) -> str:
        return f"{occurrence.modem}/gpi/{occurrence.data.get('pin')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdTrigger(Trigger):
    """A value went below or above a bound; it must come back by `hysteresis` before that can happen again.

    The engine, which remembers on which side each modem is, makes the occurrences that fire it.
    """

    field: ClassVar[str]

    below: float | None = None
    above: float | None = None
    hysteresis: float = 0.0

    def is_beyond(self, value: float, *, was_beyond: bool) -> bool:
        """Say whether a value lies beyond a bound, once it was beyond or was not."""
        slack = self.hysteresis if was_beyond else 0.0
        return (self.below is not None and value < self.below + slack) or (
            self.above is not None and value > self.above - slack
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalTrigger(ThresholdTrigger):
    """The signal level (CSQ 0..31) of a modem crossed a bound."""

    listens: ClassVar[Kinds] = ("signal",)
    field: ClassVar[str] = "csq"

    hysteresis: float = 2.0

    def subject(self, occurrence: Occurrence) -> str:
        return f"{occurrence.modem}/signal"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureTrigger(ThresholdTrigger):
    """The temperature of a modem, in degrees Celsius, crossed a bound."""

    listens: ClassVar[Kinds] = ("temperature",)
    field: ClassVar[str] = "temperature_c"

    hysteresis: float = 2.0

    def subject(self, occurrence: Occurrence) -> str:
        return f"{occurrence.modem}/temperature"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterTrigger(Trigger):
    """A meter fell silent, answers again, or is another one."""

    listens: ClassVar[Kinds] = ("meter_silent", "meter_answering", "meter_changed")
    ends_on: ClassVar[Kinds] = ("meter_silent", "meter_answering", "deleted")

    to: Literal["silent", "answering", "changed"] = "silent"
    address: tuple[str, ...] = ()
    serial: tuple[str, ...] = ()

    def fires(self, occurrence: Occurrence) -> bool:
        data = occurrence.data
        return (
            occurrence.kind == f"meter_{self.to}"
            and (not self.address or data.get("address") in self.address)
            and (not self.serial or data.get("serial") in self.serial)
        )

    def ends(self, occurrence: Occurrence) -> bool:
        return occurrence.kind != f"meter_{self.to}"

    def subject(self, occurrence: Occurrence) -> str:
        address = occurrence.data.get("address")
        return f"{occurrence.modem}/meter/{address}" if address else f"{occurrence.modem}/meter"


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttTrigger(Trigger):
    """A message came to a topic of the broker; `payload` null means any."""

    listens: ClassVar[Kinds] = ("mqtt",)

    topic: str
    payload: str | None = None

    def fires(self, occurrence: Occurrence) -> bool:
        data = occurrence.data
        return data.get("filter") == self.topic and (self.payload is None or data.get("payload") == self.payload)

    def subject(self, occurrence: Occurrence) -> str:
        return f"mqtt/{occurrence.data.get('topic', '')}"[:200]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeTrigger(Trigger):
    """A moment on the clock of the hub's zone: `at` in seconds of the day, a cron expression, or a pattern."""

    listens: ClassVar[Kinds] = ("time",)

    at: tuple[int, ...] = ()
    weekday: tuple[int, ...] = ()
    cron: str | None = None
    hours: str | None = None
    minutes: str | None = None
    seconds: str | None = None

    def subject(self, _occurrence: Occurrence) -> str:
        return "hub/time"


@dataclass(frozen=True, slots=True, kw_only=True)
class _PhoneTrigger(Trigger):
    """Something came from a phone number, to the hub's own GSM modem."""

    sender: tuple[str, ...] = ()

    def fires(self, occurrence: Occurrence) -> bool:
        return not self.sender or occurrence.data.get("number") in self.sender

    def subject(self, occurrence: Occurrence) -> str:
        return occurrence.modem or f"phone/{occurrence.data.get('number', '')}"[:200]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsTrigger(_PhoneTrigger):
    """An SMS was received; `contains` is looked for without regard to case."""

    listens: ClassVar[Kinds] = ("sms_received",)

    contains: str = ""

    def fires(self, occurrence: Occurrence) -> bool:
        text = str(occurrence.data.get("text", ""))
        return _PhoneTrigger.fires(self, occurrence) and self.contains.casefold() in text.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTrigger(_PhoneTrigger):
    """Somebody rang."""

    listens: ClassVar[Kinds] = ("call_received",)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubTrigger(Trigger):
    """Something about the hub itself: it has started, or one of its parts is lost or back."""

    listens: ClassVar[Kinds] = ("hub",)
    ends_on: ClassVar[Kinds] = ("hub",)

    event: str

    def fires(self, occurrence: Occurrence) -> bool:
        return occurrence.data.get("event") == self.event

    def ends(self, occurrence: Occurrence) -> bool:
        return not self.fires(occurrence)

    def subject(self, occurrence: Occurrence) -> str:
        return f"hub/{occurrence.data.get('part', 'start')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTrigger(Trigger):
    """A program called the hub under a name that only it and the rule know; with a `secret` it signs its calls."""

    listens: ClassVar[Kinds] = ("webhook",)

    webhook_id: str
    secret: str = field(default="", repr=False)

    def fires(self, occurrence: Occurrence) -> bool:
        return occurrence.data.get("webhook_id") == self.webhook_id

    def subject(self, _occurrence: Occurrence) -> str:
        return "hub/webhook"


_ALERT_KINDS: Final = {"opened": "alert_opened", "changed": "alert_changed", "closed": "alert_closed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTrigger(Trigger):
    """An incident began, changed or is over."""

    listens: ClassVar[Kinds] = tuple(_ALERT_KINDS.values())
    ends_on: ClassVar[Kinds] = ("alert_closed",)

    to: Literal["opened", "changed", "closed"] = "opened"
    kind: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()

    def fires(self, occurrence: Occurrence) -> bool:
        data = occurrence.data
        return (
            occurrence.kind == _ALERT_KINDS[self.to]
            and (not self.kind or data.get("kind") in self.kind)
            and (not self.severity or data.get("severity", "") in self.severity)
        )

    def ends(self, _occurrence: Occurrence) -> bool:
        return self.to != "closed"

    def subject(self, occurrence: Occurrence) -> str:
        return f"alert/{occurrence.data.get('alert')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTrigger(Trigger):
    """Any event by its type, such as `imei_conflict`; `data` names values that it must have."""

    type: str
    data: tuple[tuple[str, Any], ...] = ()

    def fires(self, occurrence: Occurrence) -> bool:
        return occurrence.kind == self.type and all(occurrence.data.get(key) == value for key, value in self.data)


def is_alarm(occurrence: Occurrence) -> bool:
    """Say whether an input went into alarm; one of which nobody said what is normal does so by `ON`."""
    told = occurrence.data.get("alarm")
    return told if isinstance(told, bool) else occurrence.data.get("level") == "ON"


def kinds_of(trigger: Trigger) -> Kinds:
    """Return the kinds of occurrence that may fire a trigger."""
    return (trigger.type,) if isinstance(trigger, EventTrigger) else trigger.listens


def kinds_that_end(trigger: Trigger) -> Kinds:
    """Return the kinds of occurrence that may end what a trigger waits for."""
    return trigger.ends_on if trigger.for_s else ()


def meaning(trigger: Trigger) -> str:
    """Return the name of a trigger's kind, as rules write it."""
    return next(_NAMES[kind] for kind in type(trigger).__mro__ if kind in _NAMES)


_NAMES: Final[dict[type[Trigger], str]] = {
    ConnectedTrigger: "connected",
    DisconnectedTrigger: "disconnected",
    MissedScheduleTrigger: "missed_schedule",
    RegisteredTrigger: "registered",
    RejectedTrigger: "rejected",
    GpiTrigger: "gpi",
    SignalTrigger: "signal",
    TemperatureTrigger: "temperature",
    MeterTrigger: "meter",
    MqttTrigger: "mqtt",
    TimeTrigger: "time",
    SmsTrigger: "sms",
    CallTrigger: "call",
    HubTrigger: "hub",
    WebhookTrigger: "webhook",
    AlertTrigger: "alert",
    EventTrigger: "event",
}
