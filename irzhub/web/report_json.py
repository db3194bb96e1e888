"""Reports as REST shows them, and what a caller wants as reports take it."""

from datetime import date, datetime, timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from irzhub.core.clock import format_time
from irzhub.core.groups import normal_path
from irzhub.reports.head import Sheet
from irzhub.reports.kinds import KINDS
from irzhub.reports.period import LONGEST_DAYS, days_of
from irzhub.reports.report import Chart, Column, Meaning
from irzhub.reports.wanted import Wanted
from irzhub.reports.words import column_title, in_words
from irzhub.storage.report_mails import ReportMail, ReportSchedule
from irzhub.web.identity import Scope
from irzhub.web.listing import ListQuery, list_page
from irzhub.web.models_reports import ReportChoice
from irzhub.web.problem import FieldError, Problem

_ALL_DEFAULT: Final = "last_7_days"


def read_kind(written: str) -> str:
    """Return the kind that a path names.

    Raises:
        Problem: 404, there is none.
    """
    if written not in KINDS:
        raise Problem(404, "unknown_report", f"expected one of {', '.join(KINDS)}")
    return written


def wanted_of(kind: str, choice: ReportChoice, scope: Scope, zone: str, language: str, now: datetime) -> Wanted:
    """Return what a caller wants, within what the caller may see.

    Raises:
        Problem: 400, the days are in no order, or too many.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    first, last = _days(choice, today)
    if not first <= last or first > today:
        raise _wrong("first", "expected a first day that has begun and is not behind the last one")
    if last - first >= timedelta(days=LONGEST_DAYS):
        raise _wrong("last", f"expected at most {LONGEST_DAYS} days")
    limits = scope.to_json()
    return Wanted(
        kind=kind,
        first=first,
        last=last,
        zone=zone,
        language=choice.language or ("en" if language == "en" else "ru"),
        modem=choice.modem or "",
        group=_group(choice.group),
        organisation=choice.organisation or "",
        limit_organisations=_tuple(limits["organisations"]),
        limit_groups=_tuple(limits["groups"]),
    )


def page_json(sheet: Sheet, query: ListQuery) -> dict[str, Any]:
    """Return a report with one page of its table; it may take long, so not on the loop."""
    report, language = sheet.report, sheet.language
    return {
        "kind": report.kind,
        "title": sheet.title,
        "first": sheet.wanted.first.isoformat(),
        "last": sheet.wanted.last.isoformat(),
        "since": format_time(report.since),
        "until": format_time(report.until),
        "time_zone": report.zone,
        "made_at": format_time(report.made_at),
        "whose": sheet.whose,
        "is_cut": report.is_cut,
        "columns": columns_json(report.columns, language),
        "totals": [
            {
                "name": name,
                "title": column_title(name, language),
                "meaning": report.meaning_of(name),
                "value": _value(value, report.meaning_of(name)),
            }
            for name, value in report.total.items()
        ],
        "charts": [_chart_json(chart, language) for chart in report.charts],
        **_items(sheet, query),
    }


def columns_json(columns: tuple[Column, ...], language: str) -> list[dict[str, Any]]:
    """Return the columns of a table."""
    return [
        {"name": column.name, "meaning": column.meaning, "title": column_title(column.name, language)}
        for column in columns
    ]


def mail_json(mail: ReportMail) -> dict[str, Any]:
    """Return a mail as REST shows it."""
    return {
        "id": mail.id,
        "schedule": mail.schedule,
        "kind": mail.wanted.get("kind"),
        "first": mail.wanted.get("first"),
        "last": mail.wanted.get("last"),
        "recipient": mail.recipient,
        "forms": mail.forms,
        "status": mail.status,
        "attempts": mail.attempts,
        "error": mail.error or None,
        "created_at": format_time(mail.created_at),
        "created_by": mail.created_by,
        "next_at": _time(mail.next_at),
        "finished_at": _time(mail.finished_at),
    }


def settings_json(row: ReportSchedule) -> dict[str, Any]:
    """Return what people set for a schedule."""
    return {
        "name": row.name,
        "kind": row.kind,
        "period": row.period,
        **{name: row.filters.get(name) or None for name in ("modem", "group", "organisation")},
        "forms": row.forms,
        "recipients": row.recipients,
        "at": row.at,
        "weekdays": row.weekdays,
        "month_day": row.month_day,
        "time_zone": row.time_zone,
        "language": row.language,
        "enabled": row.is_enabled,
    }


def schedule_json(row: ReportSchedule) -> dict[str, Any]:
    """Return a schedule as REST shows it."""
    return {
        "id": row.id,
        **settings_json(row),
        "created_at": format_time(row.created_at),
        "created_by": row.created_by,
        "next_at": _time(row.next_at),
        "last_at": _time(row.last_at),
    }


def scope_of(limits: dict[str, Any]) -> Scope:
    """Return the scope within which something is mailed."""
    organisations, groups = limits.get("organisations"), limits.get("groups")
    return Scope(
        None if organisations is None else frozenset(organisations), None if groups is None else frozenset(groups)
    )


def _days(choice: ReportChoice, today: date) -> tuple[date, date]:
    if choice.first is None and choice.last is None:
        return days_of(choice.period or _ALL_DEFAULT, today)
    if choice.period is not None:
        raise _wrong("period", "expected a period, or days, not both")
    if choice.first is None:
        raise _wrong("first", "expected the first day too")
    try:
        first = date.fromisoformat(choice.first)
        return first, first if choice.last is None else min(date.fromisoformat(choice.last), today)
    except ValueError:
        raise _wrong("first", "there is no such day") from None


def _group(written: str | None) -> str:
    try:
        return normal_path(written or "")
    except ValueError as error:
        raise _wrong("group", str(error)) from None


def _wrong(field: str, text: str) -> Problem:
    return Problem(400, "invalid_query", text, errors=(FieldError(field, text),))


def _items(sheet: Sheet, query: ListQuery) -> dict[str, Any]:
    names = [column.name for column in sheet.report.columns]
    meanings = [column.meaning for column in sheet.report.columns]
    rows = sheet.report.rows

    def item(number: int) -> dict[str, Any]:
        values = map(_value, rows[number], meanings)
        return {"id": f"{number:06}", **dict(zip(names, values, strict=True))}

    if query.filter is None:  # most pages are of a whole table: only their own rows are made
        first = 0 if query.cursor is None or not query.cursor.isdecimal() else int(query.cursor) + 1
        last = min(first + query.limit, len(rows))
        following = f"{last - 1:06}" if first < last < len(rows) else None
        return {"items": [item(number) for number in range(first, last)], "next": following, "total": len(rows)}
    return list_page((item(number) for number in range(len(rows))), "id", query)


def _value(value: Any, meaning: Meaning) -> Any:
    return format_time(cast("datetime", value)) if meaning == "moment" and value is not None else value


def _chart_json(chart: Chart, language: str) -> dict[str, Any]:
    return {
        "name": chart.name,
        "title": in_words(chart.name, language),
        "form": chart.form,
        "meaning": chart.meaning,
        "label_meaning": chart.label_meaning,
        "labels": list(chart.labels),
        "series": [
            {"name": name, "title": column_title(name, language), "values": list(values)}
            for name, values in chart.series.items()
        ],
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)


def _tuple(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)
