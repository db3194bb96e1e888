"""How good links are, and what their traffic comes to."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from irzhub.config.settings import Window
from irzhub.fleet.windows import Timetable
from irzhub.reports.link_quality import LinkQuality, LinkSubject, forecast, link_report
from irzhub.storage.history_links import LinkSums, SessionSpan


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


SINCE, UNTIL = utc("20 00:00"), utc("22 00:00")


def test_a_modem_is_measured_by_the_time_in_which_it_was_expected() -> None:
    sessions = [
        SessionSpan("a", utc("19 20:00"), utc("20 12:00"), is_seen=True),
        SessionSpan("a", utc("20 13:00"), utc("21 00:00"), is_seen=False),
        SessionSpan("a", utc("21 00:00"), None, is_seen=True),
        SessionSpan("b", utc("20 03:30"), utc("20 05:00"), is_seen=True),
    ]
    table = Timetable((Window(cron="0 3 * * *", duration_s=3600),), ZoneInfo("UTC"))
    subjects = {
        "a": LinkSubject(operator="МТС"),
        "b": LinkSubject(timetable=table, operator="МТС"),
        "c": LinkSubject(registered_at=utc("19 00:00")),
    }
    report = link_report(sessions, {}, subjects, SINCE, UNTIL)

    always, nightly, absent = report.modems["a"], report.modems["b"], report.modems["c"]
    assert (always.online_s, always.breaks, always.sessions) == (47 * 3600, 1, 2)
    assert always.availability == round(47 / 48, 6)
    assert (nightly.expected_s, nightly.online_s, nightly.availability) == (7200, 1800, 0.25)
    assert (absent.availability, absent.breaks_a_day, absent.between_breaks_s) == (0, None, None)
    assert (report.operators["МТС"].modems, report.operators["МТС"].breaks, report.operators[""].modems) == (2, 2, 1)


def test_time_before_the_registration_is_no_absence() -> None:
    new = LinkSubject(registered_at=utc("21 12:00"))
    sessions = [SessionSpan("a", utc("21 12:00"), utc("21 18:00"), is_seen=True)]
    report = link_report(sessions, {}, {"a": new, "b": LinkSubject(registered_at=UNTIL)}, SINCE, UNTIL)
    assert (report.modems["a"].expected_s, report.modems["a"].availability) == (12 * 3600, 0.5)
    assert (report.modems["b"].expected_s, report.modems["b"].availability) == (0, None)


def test_signal_and_bytes_are_summed_up() -> None:
    sums = {"a": LinkSums("a", 1000, 200, 300, 15, 12), "b": LinkSums("b", 0, 0, 0, 0, None)}
    report = link_report([], sums, {"a": LinkSubject(), "b": LinkSubject()}, SINCE, UNTIL)
    assert (report.modems["a"].csq, report.modems["a"].csq_min, report.modems["b"].csq) == (20, 12, None)
    together = report.operators[""]
    assert (together.rx_bytes, together.tx_bytes, together.csq, together.csq_min) == (1000, 200, 20, 12)


def test_the_air_carries_more_than_the_meters_say() -> None:
    quiet = LinkQuality(online_s=3600.0)
    assert quiet.wire_bytes == 60 * 95  # a keepalive a minute, with headers and its acknowledgement
    assert LinkQuality(rx_bytes=2560).wire_bytes == 2560 + 10 * 80


def test_a_month_goes_on_as_it_began() -> None:
    assert forecast(100, utc("01 00:00"), utc("30 00:00"), utc("15 12:00")) == 200
    assert forecast(100, utc("01 00:00"), utc("11 00:00"), utc("20 00:00")) == 100
    assert forecast(1, utc("01 00:00"), utc("02 00:00"), utc("01 00:00")) == 24  # never divided by nothing
