"""How a day's polls add up."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from irzhub.fleet.poll_book import PollBook
from irzhub.relay.polls import Poll

MOSCOW = ZoneInfo("Europe/Moscow")
MODEM = "868441036775234"


def at(text: str) -> float:
    """A moment in UTC as Unix seconds."""
    return datetime.fromisoformat(f"2026-11-{text}+00:00").timestamp()


def polled(first: str, last: str = "", **counts: float) -> Poll:
    asked = counts.pop("asked", 1)
    return Poll(
        program="10.0.0.7",
        protocol="modbus",
        address="7",
        asked=int(asked),
        first_asked=at(first),
        last_asked=at(last or first),
        **counts,  # type: ignore[arg-type]
    )


def test_counts_of_a_day_add_up() -> None:
    book = PollBook(MOSCOW)
    book.note(MODEM, polled("21 06:00:00", "21 06:00:08", asked=3, answered=2, silent=1, wait_s=1.5, longest_s=1.2))
    book.note(
        MODEM, polled("21 08:10:00", asked=1, answered=1, wait_s=0.5, longest_s=0.5, last_answered=at("21 08:10:01"))
    )

    [row] = book.rows("2026-11-21")
    assert (row.asked, row.answered, row.silent, row.wait_ms, row.longest_ms) == (4, 3, 1, 2000, 1200)
    assert (row.first_asked, row.last_asked) == (
        datetime(2026, 11, 21, 6, tzinfo=UTC),
        datetime(2026, 11, 21, 8, 10, tzinfo=UTC),
    )
    assert row.hours_asked == 1 << 9 | 1 << 11  # on Moscow's clock
    assert row.hours_answered == 1 << 11


def test_midnight_is_the_one_of_the_site() -> None:
    book = PollBook(MOSCOW)
    book.note(MODEM, polled("21 20:59:59"))
    book.note(MODEM, polled("21 21:00:00"))

    assert [len(list(book.rows(day))) for day in ("2026-11-21", "2026-11-22")] == [1, 1]


def test_changed_rows_are_taken_once_and_again_when_they_grow() -> None:
    book = PollBook(MOSCOW)
    book.note(MODEM, polled("21 06:00:00"))
    book.note("868441036775235", polled("21 06:00:00"))
    assert [row.modem for row in book.take_changed(1)] == [MODEM]
    assert len(book.take_changed(10)) == 1
    assert book.take_changed(10) == []
    book.note(MODEM, polled("21 06:00:10"))
    assert [row.asked for row in book.take_changed(10)] == [2]


def test_a_new_book_goes_on_where_the_old_one_ended() -> None:
    old, new = PollBook(MOSCOW), PollBook(MOSCOW)
    old.note(MODEM, polled("21 06:00:00"))
    new.load(old.rows("2026-11-21"))
    new.note(MODEM, polled("21 07:00:00"))
    assert [row.asked for row in new.rows("2026-11-21", MODEM)] == [2]


def test_old_days_go() -> None:
    book = PollBook(MOSCOW)
    book.note(MODEM, polled("18 06:00:00"))
    book.note(MODEM, polled("21 06:00:00"))
    oldest = book.first_kept(datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert oldest == "2026-11-19"
    assert book.drop_before(oldest)
    assert not book.drop_before(oldest)
    assert list(book.rows("2026-11-18")) == []
    assert len(book.take_changed(10)) == 1


def test_a_replaced_modem_takes_todays_counts_with_it() -> None:
    book = PollBook(MOSCOW)
    book.note(MODEM, polled("21 06:00:00"))
    book.take_changed(10)
    book.replace(MODEM, "868441036775999")
    [row] = book.take_changed(10)
    assert (row.modem, row.asked) == ("868441036775999", 1)
    assert list(book.rows("2026-11-21", MODEM)) == []
