"""What those hear who are told of incidents as such, rules apart: that one began, and that it is over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from irzhub.alerts import incident_kinds as kinds
from irzhub.alerts.messages import Message, Severity
from irzhub.alerts.outbox_texts import duration_text
from irzhub.storage.incidents import IncidentRow

RULE: Final = "incidents"
_SEVERITIES: Final[dict[str, Severity]] = {"info": "info", "warning": "warning", "alarm": "alarm"}


@dataclass(frozen=True, slots=True)
class Telling:
    """Makes messages of incidents.

    Args:
        tell: names that hear of every incident; report_to: those that hear of the hub itself.
        title: makes a line of an incident, in the language of the hub. language: of the hub.
    """

    tell: tuple[str, ...]
    report_to: tuple[str, ...]
    title: Callable[[IncidentRow], str]
    language: str

    def began(self, row: IncidentRow) -> Message | None:
        """Return what is said at the beginning, None when nobody is to hear it."""
        return self._message(row, "opened", self.title(row), is_over=False)

    def ended(self, row: IncidentRow) -> Message | None:
        """Return what is said at the end, with how long it lasted."""
        assert row.closed_at is not None
        lasted = duration_text((row.closed_at - row.opened_at).total_seconds(), self.language)
        times = f" ({row.count})" if row.count > 1 else ""
        over = f"Закончилось, длилось {lasted}{times}" if self.language == "ru" else f"Over after {lasted}{times}"
        return self._message(row, "closed", f"{over}: {self.title(row)}", is_over=True)

    def _message(self, row: IncidentRow, step: str, text: str, *, is_over: bool) -> Message | None:
        targets = self.tell
        if row.kind == kinds.HUB_PART:
            targets = tuple(dict.fromkeys((*targets, *self.report_to)))
        if not targets or row.parent is not None or not row.is_told:
            return None
        at = row.closed_at if is_over and row.closed_at is not None else row.opened_at
        return Message(
            rule=RULE,
            subject=row.subject[:200],
            event_id=f"alert/{row.number}/{int(row.opened_at.timestamp())}/{step}",
            ts=at,
            text=text,
            title=text[:200],
            severity=_SEVERITIES.get(row.severity, "alarm"),
            modem=row.modem,
            targets=targets,
            damp_s=0.0 if is_over else 300.0,
            incident=row.number,
            closes=is_over,
            event={"type": f"alert_{step}", "alert": row.number, "kind": row.kind, "subject": row.subject},
        )
