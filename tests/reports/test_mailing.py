"""Reports leave by mail: once for each time, whatever the mail server and the hub do in between."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from irzhub.core.services import Delivery, DeliveryOutcome, Services, delivery_on
from irzhub.reports import mailing
from irzhub.reports.desk import ReportDesk
from irzhub.reports.mailing import Mailing, mails_of, wanted_of
from irzhub.storage.local import LocalStore
from irzhub.storage.report_mails import (
    ReportMail,
    ReportSchedule,
    list_mails,
    load_schedules,
    put_into_mail,
    save_schedule,
)
from tests.reports.fleet import MOSCOW, NOW, Past, past, utc
from tests.storage.report_rows import SCHEDULE

MORNING = dataclasses.replace(
    SCHEDULE,
    kind="signal",
    limits={"organisations": None, "groups": None},
    recipients=["a@example.ru", "b@example.ru"],
    weekdays=[],
    month_day=None,
    next_at=utc("22 04:00"),
    updated_at=NOW,
)


@dataclass
class Post:
    """The channel `email`, which answers what it is told to, then takes everything."""

    outcomes: list[DeliveryOutcome | BaseException] = field(default_factory=list)
    taken: list[Delivery] = field(default_factory=list)

    async def deliver(self, delivery: Delivery) -> DeliveryOutcome:
        self.taken.append(delivery)
        outcome = self.outcomes.pop(0) if self.outcomes else DeliveryOutcome(status="sent")
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


@dataclass
class Office:
    """All that mails reports, on a clock that stands still."""

    made: Past
    store: LocalStore
    mailing: Mailing
    services: Services
    post: Post

    async def mails(self) -> list[ReportMail]:
        return await self.store.read(lambda conn: list_mails(conn, 100))

    async def schedule(self) -> ReportSchedule:
        return (await self.store.read(load_schedules))[0]

    async def keep(self, row: ReportSchedule) -> None:
        await self.store.write(lambda conn: save_schedule(conn, row))

    def put_on(self, seconds: float) -> None:
        self.made.clock.at += timedelta(seconds=seconds)
        self.made.clock.passed_s += seconds


@asynccontextmanager
async def open_office(folder: Path, post: Post | None = None) -> AsyncIterator[Office]:
    async with past(folder) as made, LocalStore(folder) as store:
        desk, services, post = ReportDesk(made.ground, folder), Services(), post or Post()
        await desk.open()
        services.register(delivery_on("email"), post.deliver)
        yield Office(made, store, Mailing(store, desk, services, made.clock), services, post)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


async def test_what_is_due_is_mailed_once_and_is_due_tomorrow(office: Office) -> None:
    await office.keep(MORNING)
    await office.mailing.look()
    await office.mailing.look()

    assert [delivery.to for delivery in office.post.taken] == ["a@example.ru", "b@example.ru"]
    assert [mail.status for mail in await office.mails()] == ["sent", "sent"]
    kept = await office.schedule()
    assert (kept.last_at, kept.next_at) == (utc("22 04:00"), utc("23 04:00"))


async def test_the_mail_says_what_it_is_and_brings_the_files(office: Office) -> None:
    await office.keep(MORNING)
    await office.mailing.look()
    delivery = office.post.taken[0]

    assert delivery.subject == "Уровень сигнала: 21.11.2026 (время Europe/Moscow)"
    assert "Выборка: Север\n" in delivery.text
    assert [(file.name, file.media_type) for file in delivery.attachments] == [
        ("signal_2026-11-21.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("signal_2026-11-21.pdf", "application/pdf"),
    ]
    assert delivery.attachments[1].content.startswith(b"%PDF")
    assert (delivery.attempt, delivery.may_repeat, delivery.urgency) == (1, False, "background")


async def test_a_mail_that_may_have_left_leaves_again_under_the_same_id(office: Office) -> None:
    office.post.outcomes = [
        DeliveryOutcome(status="unknown", error="connection lost"),
        DeliveryOutcome(status="later", error="greylisted", retry_after_s=600.0),
    ]
    await office.keep(dataclasses.replace(MORNING, recipients=["a@example.ru"]))
    for _ in range(2):
        await office.mailing.look()
        [mail] = await office.mails()
        assert mail.status == "waiting"
        assert mail.next_at is not None
        office.put_on((mail.next_at - office.made.clock.now()).total_seconds())
    await office.mailing.look()

    assert len({delivery.id for delivery in office.post.taken}) == 1
    assert [(each.attempt, each.may_repeat) for each in office.post.taken] == [(1, False), (2, True), (3, True)]
    assert office.made.clock.now() == NOW + timedelta(seconds=60 + 600)
    assert [mail.status for mail in await office.mails()] == ["sent"]


async def test_a_refused_address_delays_nobody(office: Office) -> None:
    office.post.outcomes = [DeliveryOutcome(status="refused", error="no such user"), DeliveryOutcome(status="sent")]
    await office.keep(MORNING)
    await office.mailing.look()

    told = {mail.recipient: (mail.status, mail.error) for mail in await office.mails()}

    assert told == {"a@example.ru": ("failed", "no such user"), "b@example.ru": ("sent", "")}


async def test_after_a_day_it_is_given_up(office: Office) -> None:
    office.post.outcomes = [DeliveryOutcome(status="later", error="full")] * 100
    await office.keep(dataclasses.replace(MORNING, recipients=["a@example.ru"], is_enabled=True))
    await office.mailing.look()
    [first] = await office.mails()
    await office.keep(dataclasses.replace(await office.schedule(), is_enabled=False, next_at=None))
    office.put_on(24 * 3600)
    await office.mailing.look()

    [mail] = await office.mails()
    assert (mail.id, mail.status, mail.error) == (first.id, "failed", "full")


async def test_without_a_mail_channel_it_waits_and_says_what_to_set(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        office.services._handlers.clear()
        await office.keep(dataclasses.replace(MORNING, recipients=["a@example.ru"]))
        await office.mailing.look()
        [mail] = await office.mails()

    assert (mail.status, mail.error) == ("waiting", "mail is not set up here: integrations.smtp in irzhub.yaml")


async def test_a_report_that_fails_holds_no_other(office: Office, monkeypatch: Any) -> None:
    await office.keep(dataclasses.replace(MORNING, recipients=["a@example.ru"]))
    broken = dataclasses.replace(MORNING, id="01Q", kind="no_such_kind", recipients=["b@example.ru"])
    await office.keep(broken)
    await office.mailing.look()

    told = {mail.recipient: (mail.status, mail.error[:8]) for mail in await office.mails()}
    assert told == {"a@example.ru": ("sent", ""), "b@example.ru": ("waiting", "KeyError")}


async def test_a_schedule_that_cannot_be_used_rests_and_holds_no_other(office: Office) -> None:
    wrong: list[dict[str, Any]] = [{"time_zone": "Mars/Olympus"}, {"period": "ever"}, {"at": "noon"}]
    for number, about in enumerate(wrong):
        await office.keep(dataclasses.replace(MORNING, id=f"01Q{number}", **about))
    await office.keep(dataclasses.replace(MORNING, recipients=["a@example.ru"]))
    await office.mailing.look()

    schedules = await office.store.read(load_schedules)
    assert [row.next_at for row in schedules] == [None, None, None, utc("23 04:00")]
    assert [delivery.to for delivery in office.post.taken] == ["a@example.ru"]


async def test_a_stopped_hub_goes_on_with_what_was_in_the_mail(tmp_path: Path) -> None:
    async with open_office(tmp_path, Post([asyncio.CancelledError()])) as office:
        await office.keep(dataclasses.replace(MORNING, recipients=["a@example.ru"]))
        with pytest.raises(asyncio.CancelledError):
            await office.mailing.look()
        [before] = await office.mails()
        assert (before.status, (await office.schedule()).next_at) == ("waiting", utc("23 04:00"))
    async with open_office(tmp_path) as office:
        await office.mailing.look()
        [after] = await office.mails()

    assert (after.id, after.status) == (before.id, "sent")
    assert [delivery.id for delivery in office.post.taken] == [before.id]


async def test_files_that_no_mailbox_takes_are_left_out(office: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr(mailing, "LARGEST", 100)
    await office.keep(MORNING)
    await office.mailing.look()

    assert office.post.taken[0].attachments == ()
    assert "Файлы слишком велики для письма" in office.post.taken[0].text


async def test_a_wish_is_carried_out_at_once(office: Office) -> None:
    task = office.mailing.run()
    mails, _ = mails_of(dataclasses.replace(MORNING, next_at=NOW), MOSCOW, NOW)
    await office.store.write(lambda conn: put_into_mail(conn, mails))
    task.close()
    await office.mailing.look()

    assert len(office.post.taken) == 2


def test_times_that_passed_become_one_mail_of_the_last() -> None:
    late = dataclasses.replace(MORNING, next_at=utc("19 04:00"))
    mails, then = mails_of(late, MOSCOW, NOW)

    assert [(mail.recipient, mail.wanted["first"]) for mail in mails] == [
        ("a@example.ru", "2026-11-21"),
        ("b@example.ru", "2026-11-21"),
    ]
    assert (then.last_at, then.next_at) == (utc("22 04:00"), utc("23 04:00"))


def test_times_that_are_long_over_become_none() -> None:
    monthly = dataclasses.replace(MORNING, month_day=20, next_at=utc("20 04:00"))
    mails, then = mails_of(monthly, MOSCOW, NOW)

    assert mails == []
    assert then.next_at is not None
    assert then.next_at > NOW


def test_what_its_author_may_see_holds_for_the_mail() -> None:
    limited = dataclasses.replace(MORNING, limits={"organisations": ["north"], "groups": ["Юг"]})
    wanted = wanted_of(limited, NOW.astimezone(MOSCOW))

    assert (wanted.limit_organisations, wanted.limit_groups) == (("north",), ("Юг",))
    assert (wanted.group, wanted.kind, wanted.zone) == ("Север", "signal", "Europe/Moscow")
