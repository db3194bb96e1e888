"""Mails reports: what is due is put into the store together with when it is due next, and leaves from there.

So a report is mailed once for each time it is due, whatever happens to the hub in between; a mail that may have left
before a crash leaves again under the same Message-ID.
"""

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from irzhub.core.clock import Clock
from irzhub.core.exceptions import ServiceError
from irzhub.core.services import Attachment, Delivery, DeliveryOutcome, Services, delivery_on
from irzhub.core.ulid import ulid_behind
from irzhub.reports.desk import MEDIA, Form, ReportDesk, TooManyReports
from irzhub.reports.due import next_due
from irzhub.reports.head import Sheet
from irzhub.reports.period import days_of
from irzhub.reports.wanted import Wanted
from irzhub.reports.words import in_words
from irzhub.storage.errors import DatabaseUnavailable, LocalStoreFailed
from irzhub.storage.local import LocalStore
from irzhub.storage.report_mails import (
    ReportMail,
    ReportSchedule,
    due_mails,
    due_schedules,
    next_moment,
    note_mail,
    purge_mails,
    put_into_mail,
    replaced,
)

_log = logging.getLogger(__name__)
_Made: TypeAlias = tuple[Sheet, tuple[Attachment, ...]]
_EMAIL: Final = delivery_on("email")
_RETRY_S: Final = (60.0, 120.0, 300.0, 900.0, 1800.0, 3600.0)
_GIVE_UP: Final = timedelta(hours=24)
_KEPT: Final = timedelta(days=90)
_LOOK_S: Final = 30.0
_MAIL_S: Final = 600.0
_AT_ONCE: Final = 50
LARGEST: Final = 8 * 1024 * 1024
"""Bytes of the files of one mail; mailboxes refuse more, and a page or the API can give it."""


class Mailing:
    """Looks what is due, makes it and hands it to the channel `email`; `poke` makes it look at once."""

    def __init__(self, store: LocalStore, desk: ReportDesk, services: Services, clock: Clock) -> None:
        self._store = store
        self._desk = desk
        self._services = services
        self._clock = clock
        self._poked = asyncio.Event()

    def poke(self) -> None:
        """Have it look now: something was put into the mail, or a schedule was changed."""
        self._poked.set()

    async def run(self) -> None:
        """Mail what is due, for ever."""
        while True:
            self._poked.clear()
            try:
                await self.look()
                wait_s = await self._wait_s()
            except LocalStoreFailed as error:
                _log.warning("reports cannot be mailed now: %s", error)
                wait_s = _LOOK_S
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._poked.wait(), wait_s)

    async def look(self) -> None:
        """Put into the mail what has become due, then send what waits."""
        now = self._clock.now()
        for schedule in await self._store.read(lambda conn: due_schedules(conn, now)):
            try:
                zone = await asyncio.to_thread(ZoneInfo, schedule.time_zone)
                mails, following = mails_of(schedule, zone, now)
            except (KeyError, ValueError, TypeError) as error:  # of another version, or a zone that is no more
                _log.warning("the schedule %s of a report cannot be used, it rests: %r", schedule.id, error)
                mails, following = [], dataclasses.replace(schedule, next_at=None)
            await self._store.write(lambda conn, of=mails, then=following: put_into_mail(conn, of, then))  # type: ignore[misc]
        while waiting := await self._store.read(lambda conn: due_mails(conn, self._clock.now(), _AT_ONCE)):
            await self._send_all(waiting)
        await self._store.write(lambda conn: purge_mails(conn, now - _KEPT))

    async def _wait_s(self) -> float:
        due = await self._store.read(next_moment)
        if due is None:
            return _LOOK_S
        return min(max((due - self._clock.now()).total_seconds(), 0.05), _LOOK_S)

    async def _send_all(self, waiting: Sequence[ReportMail]) -> None:
        """Send mails; those of one report are made once."""
        made: dict[str, _Made] = {}
        for mail in waiting:
            after = self._after(mail, await self._send(mail, made))
            await self._store.write(lambda conn, of=after: note_mail(conn, of))  # type: ignore[misc]

    async def _send(self, mail: ReportMail, made: dict[str, _Made]) -> DeliveryOutcome:
        key = f"{sorted(mail.wanted.items())}{mail.forms}"
        try:
            if key not in made:
                made.clear()  # files of several megabytes: those of one report at a time
                made[key] = await self._made(mail)
            async with asyncio.timeout(_MAIL_S):
                return await self._services.call(_EMAIL, letter(mail, *made[key]))
        except ServiceError:
            return DeliveryOutcome(status="later", error="mail is not set up here: integrations.smtp in irzhub.yaml")
        except (DatabaseUnavailable, TooManyReports) as error:
            return DeliveryOutcome(status="later", error=str(error))
        except TimeoutError:
            return DeliveryOutcome(status="unknown", error=f"no end within {_MAIL_S:g} s")
        except Exception as error:  # noqa: BLE001 - the boundary: neither a report nor a channel may hold the others
            _log.exception("report %s to %s failed", mail.wanted.get("kind"), mail.recipient)
            return DeliveryOutcome(status="unknown", error=f"{type(error).__name__}: {error}")

    async def _made(self, mail: ReportMail) -> _Made:
        sheet = await self._desk.make(Wanted.from_json(mail.wanted))
        files = []
        for form in mail.forms:
            async with self._desk.file(sheet, form) as path:  # type: ignore[arg-type]
                files.append(await asyncio.to_thread(_attachment, path, sheet, form))  # type: ignore[arg-type]
        return sheet, tuple(files)

    def _after(self, mail: ReportMail, outcome: DeliveryOutcome) -> ReportMail:
        """Return a mail after an attempt: done, or when it is tried again."""
        now, attempts = self._clock.now(), mail.attempts + 1
        if outcome.status in ("sent", "delivered"):
            return replaced(mail, status="sent", attempts=attempts, error="", next_at=None, finished_at=now)
        error = outcome.error or outcome.status
        pause_s = max(outcome.retry_after_s or 0.0, _RETRY_S[min(attempts, len(_RETRY_S)) - 1])
        again = now + timedelta(seconds=pause_s)
        if outcome.status == "refused" or again > mail.created_at + _GIVE_UP:
            _log.warning("a report to %s was not mailed: %s", mail.recipient, error)
            return replaced(mail, status="failed", attempts=attempts, error=error, next_at=None, finished_at=now)
        return replaced(mail, attempts=attempts, error=error, next_at=again)


def mails_of(schedule: ReportSchedule, zone: ZoneInfo, now: datetime) -> tuple[list[ReportMail], ReportSchedule]:
    """Return the mails that are due, and the schedule with the next time.

    Times that passed while the hub was not there become one mail, of the last of them, if it is not a day old.
    """
    due = schedule.next_at or now
    choice = (schedule.at, schedule.weekdays, schedule.month_day, zone)
    while (following := next_due(*choice, due)) is not None and following <= now:
        due = following
    then = dataclasses.replace(schedule, next_at=following, last_at=due)
    if now - due > _GIVE_UP:
        return [], then
    wanted = wanted_of(schedule, due.astimezone(zone))
    return mails_to(schedule.recipients, wanted, schedule.forms, schedule.created_by, now, schedule.id), then


def mails_to(
    recipients: Sequence[str],
    wanted: Wanted,
    forms: Sequence[str],
    by: str,
    now: datetime,
    schedule: str | None = None,
) -> list[ReportMail]:
    """Return one mail for each address, in their order; `by` is who wants it."""
    mails: list[ReportMail] = []
    for recipient in recipients:
        mail = ReportMail(
            id=ulid_behind(mails[-1].id if mails else "", int(now.timestamp() * 1000)),
            schedule=schedule,
            recipient=recipient,
            wanted=wanted.to_json(),
            forms=list(forms),
            created_at=now,
            created_by=by,
            next_at=now,
        )
        mails.append(mail)
    return mails


def wanted_of(schedule: ReportSchedule, local: datetime) -> Wanted:
    """Return the report of a schedule on the day of a local time."""
    first, last = days_of(schedule.period, local.date())  # type: ignore[arg-type]
    limits: Mapping[str, list[str] | None] = schedule.limits
    organisations, groups = limits.get("organisations"), limits.get("groups")
    return Wanted(
        kind=schedule.kind,
        first=first,
        last=last,
        zone=schedule.time_zone,
        language=schedule.language,
        **schedule.filters,
        limit_organisations=None if organisations is None else tuple(organisations),
        limit_groups=None if groups is None else tuple(groups),
    )


def letter(mail: ReportMail, sheet: Sheet, files: tuple[Attachment, ...]) -> Delivery:
    """Return the mail: what stands above the table, and the files."""
    lines = sheet.lines()
    text = "\n".join(f"{label}: {value}" for label, value in lines)
    if sum(len(file.content) for file in files) > LARGEST:
        files, text = (), f"{text}\n\n{in_words('too_large', sheet.language)}"
    return Delivery(
        id=mail.id,
        to=mail.recipient,
        subject=f"{sheet.title}: {lines[0][1]}",
        text=text,
        urgency="background",
        attempt=mail.attempts + 1,
        may_repeat=mail.attempts > 0,
        attachments=files,
        origin=f"report:{mail.created_by}"[:100],
    )


def _attachment(path: Path, sheet: Sheet, form: Form) -> Attachment:
    return Attachment(name=sheet.file_name(form), media_type=MEDIA[form].partition(";")[0], content=path.read_bytes())
