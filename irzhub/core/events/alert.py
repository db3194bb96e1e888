"""Incidents, and what comes in by the hub's own GSM modem."""

from dataclasses import dataclass
from typing import ClassVar

from irzhub.core.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOpened(Event):
    """An incident began; `alert` is its number. `modem` is null for one that has many modems, or none."""

    type: ClassVar[str] = "alert_opened"
    alert: int
    kind: str
    subject: str
    severity: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChanged(Event):
    """Something about an open incident is another: `change` is such as `acknowledged`, `escalated`, `silenced`."""

    type: ClassVar[str] = "alert_changed"
    alert: int
    kind: str
    subject: str
    change: str
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertClosed(Event):
    """An incident is over; it lasted `lasted_s`, and happened `count` times meanwhile."""

    type: ClassVar[str] = "alert_closed"
    alert: int
    kind: str
    subject: str
    severity: str
    lasted_s: float
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsReceived(Event):
    """An SMS came to the hub's own GSM modem; `modem` is set when the number is one of a modem's SIM cards."""

    type: ClassVar[str] = "sms_received"
    number: str
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReceived(Event):
    """Somebody rang the hub's own GSM modem; `number` is empty where it was withheld."""

    type: ClassVar[str] = "call_received"
    number: str
    by: str = ""
