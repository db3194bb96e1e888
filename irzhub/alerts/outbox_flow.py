"""How messages leave: what is next on a channel, and what follows from how an attempt ended."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from irzhub.alerts.budgets import Budgets, Overspent
from irzhub.alerts.messages import Recipient
from irzhub.alerts.outbox_book import OutboxBook, Tuning
from irzhub.alerts.outbox_keys import told_key
from irzhub.alerts.outbox_ports import Directory, Incidents
from irzhub.alerts.outbox_rows import ESCALATION, recipient_of
from irzhub.alerts.outbox_schedule import LONGEST_WAIT_S, PLANS
from irzhub.alerts.outbox_states import can, move
from irzhub.alerts.outbox_texts import budget_text, budget_title, grouped_text, sms_parts
from irzhub.core.printable import whole
from irzhub.core.services import DeliveryOutcome
from irzhub.storage.outbox import OutboxRow

BUDGET_RULE: Final = "hub/budget"
_FALLBACK: Final = "fallback"


@dataclass(frozen=True, slots=True)
class Finished:
    """What a delivery came to, for the metrics: `result` is the state; `is_first` if nobody had taken it before."""

    row: OutboxRow
    result: str
    is_first: bool


class OutboxFlow(OutboxBook):
    """The book with its way out.

    Args:
        name_of: how people call a modem, for the texts of groups.
    """

    def __init__(
        self,
        tuning: Tuning,
        directory: Directory,
        incidents: Incidents,
        budgets: Budgets,
        name_of: Callable[[str], str] = str,
    ) -> None:
        super().__init__(tuning, directory, incidents, budgets)
        self._name_of = name_of
        self._took_at: dict[str, datetime] = {}
        self._noticed: set[tuple[str, str, str]] = set()

    def take(self, channel: str, now: datetime) -> OutboxRow | None:
        """Return the next row to be handed to a channel, `sending` from now on; None when none is due.

        On the way out a row may expire, be held, be over its budget, or be grouped with its like.
        """
        while (id_ := self.queue.pop(channel)) is not None:
            row = self.rows.get(id_)
            if row is None or row.state != "waiting" or (row.not_before or now) > now:
                continue
            self.changed(row)
            if self._may_leave(row, now):
                self._group(row, now)
                self.queue.remove(row)
                move(row, "take", now)
                self.budgets.hold(row)
                row.attempts += 1
                row.not_before = None
                return row
            self.queue.remove(row)
        return None

    def finish(self, row: OutboxRow, outcome: DeliveryOutcome, now: datetime) -> Finished:
        """Note how an attempt ended, and plan what follows."""
        self.changed(row)
        self.budgets.release(row)
        row.reference = whole(outcome.reference) if outcome.reference else row.reference
        is_first = row.sent_at is None
        if outcome.status in ("sent", "delivered"):
            move(row, "accept" if outcome.status == "sent" else "deliver", now, error=outcome.error)
            row.error = None
            row.sent_at = now
            self._took_at[row.channel] = now
            self.budgets.spend(row, now)
        elif outcome.status == "unknown":
            self.doubt(row, now, outcome.error or "how it ended is unknown")
            self.budgets.spend(row, now)
        elif outcome.status == "refused":
            move(row, "refuse", now, error=outcome.error or "refused")
            self._fall_back(row, now)
        else:
            self._postpone(row, outcome, now)
        return Finished(row, row.state, is_first)

    def told(self, row: OutboxRow, status: str, error: str | None, now: datetime) -> None:
        """Note what became of a row after its channel had taken it; what did not arrive goes another way."""
        if status == "delivered" and can(row, "deliver"):
            move(row, "deliver", now)
            row.error = None
        elif status == "failed" and row.state == "sent":
            move(row, "refuse", now, error=error or "it was not delivered")
            self._fall_back(row, now)
        else:
            return
        self.changed(row)

    def doubt(self, row: OutboxRow, now: datetime, error: str) -> None:
        """An attempt ended in a way that nobody knows: once more later, or never."""
        plan = PLANS[row.channel]
        is_last = plan.unknown_s is None or (plan.unknown_repeats_once and row.may_repeat)
        row.not_before = None if is_last or plan.unknown_s is None else now + timedelta(seconds=plan.unknown_s)
        move(row, "doubt", now, error=error)
        row.may_repeat = True
        self.changed(row)
        if row.not_before is not None:
            self.queue.look_at(row, row.not_before)

    def look_at(self, row: OutboxRow, now: datetime) -> None:
        """Let a row expire, go on or fall back, whatever is due by now."""
        if row.expires_at <= now and can(row, "expire"):
            move(row, "expire", now, error=row.error or "nobody took it in time")
            self.queue.remove(row)
            self.changed(row)
            return
        if (row.not_before or now) <= now:
            if row.state == "held":
                self._release(row, now)
            elif row.state == "unknown" and row.not_before is not None:
                row.not_before = None
                move(row, "repeat", now)
                self.changed(row)
                self.queue.put(row)
            elif row.state == "waiting" and row.not_before is not None:
                self.queue.put(row)
        if row.state == "waiting":
            self._see_to_fallback(row, now)

    def restore_notices(self, rows: Iterable[OutboxRow]) -> None:
        """Learn which budgets' ends were told today already."""
        for row in rows:
            day, channel, address = (*row.event_id.split("/", 2), "", "")[:3]
            self._noticed.add((day, channel, address))

    def spent_channels(self, now: datetime) -> list[str]:
        """Return the channels of which a budget of today is spent, for one address at least."""
        today = self.budgets.day_of(now).isoformat()
        return sorted({channel for day, channel, _ in self._noticed if day == today})

    def stop_ladder(self, incident: int, now: datetime) -> None:
        """Somebody has an incident in hand: what its ladders still have to say does not leave."""
        for row in list(self.rows.values()):
            if row.incident == incident and row.rule.startswith(ESCALATION) and can(row, "cancel"):
                self.cancel(row.id, now, "acknowledged")

    def _may_leave(self, row: OutboxRow, now: datetime) -> bool:
        if row.expires_at <= now:
            move(row, "expire", now, error=row.error or "nobody took it in time")
        elif (until := self.directory.held_until(recipient_of(row), row.severity, now)) is not None:
            row.not_before = until
            move(row, "hold", now)
            self.queue.look_at(row, until)
        elif (over := self.budgets.overspent(row, now)) is not None:
            move(row, "overspend", now, error=f"the budget of {over.channel} for today is spent: {over.limit}")
            self._notice(over, row, now)
            if row.severity == "alarm":
                self._fall_back(row, now)
        else:
            return True
        return False

    def _release(self, row: OutboxRow, now: datetime) -> None:
        """Let a held row go, and with it in one message all that was held for the same recipient."""
        mates = [
            each
            for each in self.rows.values()
            if each.state == "held"
            and (each.channel, each.address) == (row.channel, row.address)
            and (each.not_before or now) <= now
        ]
        move(row, "release", now)
        row.not_before = None
        self._fold(row, [each for each in sorted(mates, key=lambda each: each.id) if each is not row], now)
        self.changed(row)
        self.queue.put(row)

    def _group(self, row: OutboxRow, now: datetime) -> None:
        """Have a row speak for all of its like that wait, where they are many or were held back."""
        if row.attempts or row.fallback_of is not None:
            return
        found = (self.rows.get(id_) for id_ in self.queue.mates(row))
        mates = [each for each in found if each is not None and each.state == "waiting" and each is not row]
        was_held_back = row.not_before is not None
        if mates and (was_held_back or len(mates) >= self.tuning.group_after):
            self._fold(row, mates, now)

    def _fold(self, row: OutboxRow, mates: list[OutboxRow], now: datetime) -> None:
        if not mates:
            return
        together = sorted([row, *mates], key=lambda each: each.id)
        names = [self._name_of(each.modem) if each.modem else each.subject for each in together]
        row.text = grouped_text(together, names, self.directory.language(row.contact))
        row.count = sum(each.count for each in together)
        row.parts = sms_parts(row.text) if row.channel == "sms" else 1
        for each in mates:
            move(each, "fold", now)
            each.folded_into = row.id
            self.queue.remove(each)
            self.changed(each)

    def _postpone(self, row: OutboxRow, outcome: DeliveryOutcome, now: datetime) -> None:
        pause_s = PLANS[row.channel].pause_s(row.attempts)
        if pause_s is None:
            move(row, "refuse", now, error=outcome.error or "tried often enough")
            self._fall_back(row, now)
            return
        if outcome.retry_after_s is not None:
            pause_s = min(max(outcome.retry_after_s, 1.0), LONGEST_WAIT_S)
        row.not_before = now + timedelta(seconds=pause_s)
        move(row, "postpone", now, error=outcome.error)
        self.queue.look_at(row, row.not_before)

    def _see_to_fallback(self, row: OutboxRow, now: datetime) -> None:
        """Use the next channel once this one has taken nothing for a while."""
        patience = timedelta(seconds=self.tuning.fallback_s)
        if row.severity == "info" or now - row.created_at < patience:
            return
        took_at = self._took_at.get(row.channel)
        if took_at is not None and now - took_at < patience:
            self.queue.look_at(row, took_at + patience)
        else:
            self._fall_back(row, now)

    def _fall_back(self, row: OutboxRow, now: datetime) -> None:
        """Say the same on the next channel of the same person, once."""
        if row.severity == "info" or any(each["step"] == _FALLBACK for each in row.log):
            return
        other = self.directory.fallback(recipient_of(row))
        if other is None or self.was_told(row, other):
            return
        self.changed(row)
        row.log = [*row.log, {"at": now.isoformat(), "step": _FALLBACK, "state": row.state, "to": other.channel}]
        self._told.append((told_key(row.event_id, f"{row.rule}|{_FALLBACK}", other), now))
        self.add(self._copy_for(row, other, now), now)

    def _copy_for(self, row: OutboxRow, other: Recipient, now: datetime) -> OutboxRow:
        return OutboxRow(
            id=self.ids.new(now),
            created_at=now,
            channel=other.channel,
            address=other.address,
            contact=other.contact,
            rule=row.rule,
            subject=row.subject,
            event_id=row.event_id,
            event_ts=row.event_ts,
            modem=row.modem,
            severity=row.severity,
            title=row.title,
            text=row.text,
            event=row.event,
            damp_s=row.damp_s,
            incident=row.incident,
            closes=row.closes,
            expires_at=row.expires_at,
            fallback_of=row.id,
            count=row.count,
            parts=sms_parts(row.text) if other.channel == "sms" else 1,
        )

    def _notice(self, over: Overspent, row: OutboxRow, now: datetime) -> None:
        """Tell by one mail a day that a budget is spent."""
        about = (self.budgets.day_of(now).isoformat(), over.channel, over.address)
        if about in self._noticed:
            return
        self._noticed.add(about)
        if over.channel == "email":
            return  # a mail about too many mails would be one too many
        own = self.directory.fallback(recipient_of(row)) if over.address else None
        mails = [own] if own is not None and own.channel == "email" else list(self.directory.report_to(now))
        for mail in mails:
            language = self.directory.language(mail.contact)
            whose = over.address if over.address else ""
            notice = self._copy_for(row, mail, now)
            notice.rule, notice.subject, notice.fallback_of = BUDGET_RULE, f"hub/budget/{over.channel}", None
            notice.event_id, notice.event, notice.modem = "/".join(about)[:64], {}, None
            notice.incident, notice.closes, notice.count = None, False, 1
            notice.title = budget_title(over.channel, language)
            notice.text = budget_text(over.channel, whose, over.limit, language)
            self.add(notice, now)
