"""From a message to its rows, and from what was folded back to one."""

from datetime import timedelta

from irzhub.alerts.outbox_rows import RowIds, prototype, recipient_of, row_from, row_of
from tests.alerts.outbox_rig import DUTY, DUTY_MAIL, NOW, message


def test_a_row_says_what_the_message_says() -> None:
    told = message(title="Дверь\r\nBcc: x", severity="alarm", incident=17, text="a\0b", closes=True)

    row = row_of(told, DUTY, "01K", NOW, 3600)

    assert (row.text, row.severity, row.incident, row.closes, row.parts) == ("ab", "alarm", 17, True, 1)
    assert "\n" not in row.title
    assert (recipient_of(row), row.expires_at) == (DUTY, NOW + timedelta(hours=1))


def test_a_row_ends_when_the_message_says_so_and_counts_its_sms() -> None:
    told = message(text="ж" * 71, expires_at=NOW + timedelta(seconds=5))

    assert row_of(told, DUTY, "01K", NOW, 3600).expires_at == NOW + timedelta(seconds=5)
    assert (row_of(told, DUTY, "01K", NOW, 3600).parts, row_of(told, DUTY_MAIL, "01K", NOW, 3600).parts) == (2, 1)


def test_half_an_emoji_stops_no_store() -> None:
    row = row_of(message(text="a\ud83d", title="b\udea8", subject="mqtt/\ud83d"), DUTY, "01K", NOW, 3600)

    assert (row.text, row.title, row.subject) == ("a?", "b?", "mqtt/?")


def test_what_was_folded_becomes_a_row_again() -> None:
    row = row_of(message(incident=17, event={"type": "disconnected"}), DUTY, "01K", NOW, 3600)

    again = row_from(prototype(row), "01L", NOW + timedelta(seconds=300), 3600)

    assert (again.id, again.created_at, again.event_ts) == ("01L", NOW + timedelta(seconds=300), row.event_ts)
    assert prototype(again) == prototype(row)


def test_ids_sort_as_they_were_given_whatever_the_clock_does() -> None:
    ids = RowIds()
    given = [ids.new(NOW), ids.new(NOW), ids.new(NOW - timedelta(hours=1)), ids.new(NOW + timedelta(hours=1))]

    assert given == sorted(set(given))
