"""Reports as REST shows them, and what callers may ask for."""

from datetime import date
from typing import Any

import pytest

from irzhub.web.identity import WHOLE, Scope
from irzhub.web.listing import ListQuery
from irzhub.web.models_reports import ReportChoice
from irzhub.web.problem import Problem
from irzhub.web.report_json import mail_json, page_json, read_kind, schedule_json, scope_of, wanted_of
from tests.reports.fleet import NOW, ONE
from tests.reports.sheets import sheet
from tests.storage.report_rows import MAIL, SCHEDULE


def wanted(scope: Scope = WHOLE, **choice: Any) -> Any:
    return wanted_of("signal", ReportChoice(**choice), scope, "Europe/Moscow", "ru", NOW)


@pytest.mark.parametrize(
    ("choice", "first", "last"),
    [
        ({}, "2026-11-15", "2026-11-21"),
        ({"period": "today"}, "2026-11-22", "2026-11-22"),
        ({"first": "2026-11-20"}, "2026-11-20", "2026-11-20"),
        ({"first": "2026-11-20", "last": "2026-12-31"}, "2026-11-20", "2026-11-22"),
    ],
)
def test_days(choice: dict[str, Any], first: str, last: str) -> None:
    made = wanted(**choice)

    assert (made.first, made.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "choice",
    [
        {"last": "2026-11-20"},
        {"first": "2026-11-23"},
        {"first": "2026-11-20", "last": "2026-11-19"},
        {"first": "2024-01-01", "last": "2026-01-01"},
        {"first": "2026-02-30"},
        {"period": "today", "first": "2026-11-20"},
        {"group": "/".join("abcdefghij")},
    ],
)
def test_days_that_cannot_be(choice: dict[str, Any]) -> None:
    with pytest.raises(Problem) as found:
        wanted(**choice)

    assert found.value.status == 400


def test_a_caller_gets_no_more_than_may_be_seen() -> None:
    made = wanted(Scope(frozenset({"north"}), frozenset({"Юг"})), organisation="south", group=" Север / Центр ")

    assert (made.limit_organisations, made.limit_groups) == (("north",), ("Юг",))
    assert (made.organisation, made.group) == ("south", "Север/Центр")
    assert wanted().is_of_all


def test_kinds() -> None:
    assert read_kind("signal") == "signal"
    with pytest.raises(Problem, match="expected one of reading_summary"):
        read_kind("../signal")


def test_a_page() -> None:
    page = page_json(sheet(), ListQuery())

    assert page["columns"][0] == {"name": "modem", "meaning": "modem", "title": "Модем"}
    assert page["totals"][1] == {
        "name": "availability",
        "title": "Доступность",
        "meaning": "ratio",
        "value": 0.9876,
    }
    assert page["items"][0]["opened_at"] == "2026-11-21T18:57:03.000Z"
    assert (page["items"][0]["id"], page["items"][0]["modem"], page["items"][0]["cause"]) == ("000000", ONE, "no_link")
    assert (page["total"], page["next"]) == (2, None)
    assert page["charts"][0]["series"] == [
        {"name": "availability", "title": "Доступность", "values": [0.98, None, 1.0]}
    ]


def test_pages_follow_each_other_with_and_without_a_filter() -> None:
    rows = [(f"Pump-{number}", "x", *[None] * 8) for number in range(5)]
    for words in (None, "pump"):
        cursor, seen = None, []
        while True:
            page = page_json(sheet(rows), ListQuery(limit=2, cursor=cursor, filter=words))
            seen += [item["modem"] for item in page["items"]]
            assert page["total"] == 5
            cursor = page["next"]
            if cursor is None:
                break
        assert seen == [f"Pump-{number}" for number in range(5)]
    assert page_json(sheet(rows), ListQuery(cursor="999999"))["items"] == []
    assert page_json(sheet(rows), ListQuery(cursor="rubbish"))["total"] == 5


def test_schedules_and_mails() -> None:
    shown = schedule_json(SCHEDULE)
    assert (shown["group"], shown["modem"], shown["enabled"], shown["time_zone"]) == (
        *("Север", None, True, "Europe/Moscow"),
    )
    assert "limits" not in shown
    mail = mail_json(MAIL)
    assert (mail["kind"], mail["recipient"], mail["error"]) == ("signal", "duty@example.ru", "почтовый сервер молчит")
    assert scope_of(SCHEDULE.limits) == Scope(frozenset({"north"}), None)
