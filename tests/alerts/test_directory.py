"""Whom names mean, when people want to be told, and by which next way."""

import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from irzhub.alerts.directory import Directory
from irzhub.alerts.messages import Recipient
from irzhub.storage.directory import DirectoryRow
from tests.alerts.outbox_rig import MOSCOW, NOW, message

ANNA_SMS, ANNA_MAIL = Recipient("sms", "+79211234567", "anna"), Recipient("email", "anna@example.ru", "anna")
BORIS_SMS = Recipient("sms", "+79110000000", "boris")

ENTRIES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "contact",
        "anna",
        {
            "addresses": [
                {"channel": "sms", "address": "+79211234567", "used_from": "warning"},
                {"channel": "email", "address": "anna@example.ru"},
                {"channel": "telegram", "address": "17", "used_from": "never"},
            ],
            "language": "en",
            "quiet": "ночь",
            "digest_at": "08:00",
        },
    ),
    ("contact", "boris", {"addresses": [{"channel": "sms", "address": "+79110000000"}]}),
    ("team", "все", {"members": ["anna", "смена", "круг"]}),
    ("team", "круг", {"members": ["все", "boris"]}),
    ("roster", "смена", {"rotation": {"names": ["boris"], "first_day": "2026-11-01"}}),
    ("roster", "пусто", {}),
    ("ladder", "тревога", {"steps": [{"targets": ["boris", "тревога"], "channels": ["call"]}, {"targets": ["anna"]}]}),
    ("calendar", "ночь", {"spans": [{"begins": "22:00", "ends": "07:00"}]}),
]


def row(kind: str, name: str, entry: dict[str, Any]) -> DirectoryRow:
    return DirectoryRow(kind=kind, name=name, entry=entry, changed_at=NOW, changed_by="admin")


@pytest.fixture
def directory() -> Directory:
    made = Directory("ru", MOSCOW, ("все",))
    for kind, name, entry in ENTRIES:
        made.put(row(kind, name, entry))
    return made


@pytest.mark.parametrize(
    ("targets", "changes", "whom"),
    [
        (("anna",), {}, [ANNA_SMS, ANNA_MAIL]),
        (("anna",), {"severity": "info"}, [ANNA_MAIL]),
        (("anna",), {"channels": ("telegram",)}, [Recipient("telegram", "17", "anna")]),
        (("boris",), {"channels": ("call",)}, [Recipient("call", "+79110000000", "boris")]),
        (("все",), {}, [ANNA_SMS, ANNA_MAIL, BORIS_SMS]),
        (
            ("anna",),
            {"recipients": (ANNA_SMS, Recipient("sms", "+70"))},
            [ANNA_SMS, ANNA_MAIL, Recipient("sms", "+70")],
        ),
        (("тревога",), {}, [Recipient("call", "+79110000000", "boris")]),  # no incident: its first step, at once
    ],
)
def test_names_mean_addresses_each_once(
    directory: Directory, targets: tuple[str, ...], changes: dict[str, Any], whom: list[Recipient]
) -> None:
    reached = directory.reach(message(targets=targets, **changes), NOW)

    assert (list(reached.recipients), reached.unknown) == (whom, ())


def test_names_that_mean_nobody_are_said_and_ladders_begin_with_an_incident(directory: Directory) -> None:
    reached = directory.reach(message(targets=("кто-то", "пусто", "тревога"), incident=17), NOW)

    assert (reached.recipients, reached.ladders, reached.unknown) == ((), ("тревога",), ("кто-то", "пусто"))


@pytest.mark.parametrize(
    ("severity", "now", "until"),
    [
        ("alarm", "2026-11-23T23:00", None),
        ("warning", "2026-11-23T23:00", "2026-11-24T07:00"),
        ("warning", "2026-11-23T12:00", None),
        ("info", "2026-11-23T23:00", "2026-11-24T08:00"),  # the digest comes behind the quiet time
        ("info", "2026-11-23T07:30", "2026-11-23T08:00"),
    ],
)
def test_quiet_hours_and_digests_hold_what_can_wait(
    directory: Directory, severity: str, now: str, until: str | None
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=MOSCOW).astimezone(UTC)
    expected = None if until is None else datetime.fromisoformat(until).replace(tzinfo=MOSCOW)

    assert directory.held_until(ANNA_SMS, severity, moment) == expected
    assert directory.held_until(BORIS_SMS, severity, moment) is None


def test_the_next_way_is_the_one_kept_for_it(directory: Directory) -> None:
    assert directory.fallback(ANNA_SMS) == Recipient("telegram", "17", "anna")
    assert directory.fallback(BORIS_SMS) is None
    assert directory.fallback(Recipient("sms", "+70")) is None


def test_the_hub_reports_by_mail(directory: Directory) -> None:
    assert list(directory.report_to(NOW)) == [ANNA_MAIL]


def test_people_speak_their_own_language(directory: Directory) -> None:
    assert [directory.language(name) for name in ("anna", "boris", "")] == ["en", "ru", "ru"]


@pytest.mark.parametrize(
    ("number", "whose"),
    [("+79211234567", "anna"), ("89211234567", "anna"), ("+7 921 123-45-67", "anna"), ("+79219999999", None)],
)
def test_a_number_belongs_to_a_contact_however_it_is_written(
    directory: Directory, number: str, whose: str | None
) -> None:
    assert directory.contact_of_number(number) == whose


def test_a_calendar_covers_moments_on_the_hubs_clock(directory: Directory) -> None:
    assert directory.covers("ночь", datetime(2026, 11, 23, 20, tzinfo=UTC))  # 23:00 in Moscow
    assert not directory.covers("ночь", datetime(2026, 11, 23, 12, tzinfo=UTC))
    assert not directory.covers("день", NOW)


def test_who_has_duty_and_who_names_whom(directory: Directory) -> None:
    assert (directory.on_duty("смена", NOW), directory.on_duty("никто", NOW)) == (("boris",), ())
    assert sorted(directory.mentions("boris")) == ["ladder тревога", "roster смена", "team круг"]
    assert directory.mentions("ночь") == ["contact anna"]
    directory.drop("contact", "boris")
    assert directory.contact_of_number("+79110000000") is None


def test_an_entry_of_another_version_is_left_out_and_said(
    directory: Directory, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        directory.put(row("contact", "boris", {"ways": []}))

    assert directory.reach(message(targets=("boris",)), NOW).unknown == ("boris",)
    assert "contact boris of the directory cannot be read" in caplog.text
