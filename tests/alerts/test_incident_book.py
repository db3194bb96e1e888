"""The open incidents: one of a kind and subject, a count for what flaps, and what people are told of it."""

from datetime import datetime

import pytest

from irzhub.alerts.incident_book import IncidentBook, standing_of
from irzhub.alerts.incident_states import Standing
from tests.alerts.incident_rig import MODEM, NOW, OTHER, later


@pytest.fixture
def book() -> IncidentBook:
    return IncidentBook(hold_s=60)


def told(book: IncidentBook) -> list[str]:
    """What was told since the last time."""
    return [f"{each.kind} {each.row.number} {each.change}".strip() for each in book.take().notices]


def test_there_is_at_most_one_of_a_kind_and_subject(book: IncidentBook) -> None:
    first = book.bad("link_lost", MODEM, NOW, modem=MODEM)
    again = book.bad("link_lost", MODEM, later(5))
    other = book.bad("link_lost", OTHER, later(6))

    assert (first.number, again.number, again.count, other.number) == (1, 1, 2, 2)
    assert (again.opened_at, again.last_seen_at) == (NOW, later(5))
    assert len(book) == 2 and told(book) == ["opened 1", "opened 2"]


def test_it_closes_only_when_it_has_stayed_good(book: IncidentBook) -> None:
    book.bad("link_lost", MODEM, NOW)
    row = book.good("link_lost", MODEM, later(100))
    assert row is not None and standing_of(row) is Standing.RECOVERING

    assert book.look(later(159)) == []
    (closed,) = book.look(later(160))
    assert (closed.closed_at, closed.closed_by, standing_of(closed)) == (later(100), "", Standing.CLOSED)
    assert book.find("link_lost", MODEM) is None and told(book) == ["opened 1", "closed 1"]


def test_what_turns_bad_again_meanwhile_goes_on(book: IncidentBook) -> None:
    book.bad("link_lost", MODEM, NOW)
    book.good("link_lost", MODEM, later(10))
    row = book.bad("link_lost", MODEM, later(30))

    assert book.look(later(75)) == [] and row.count == 2 and row.good_since is None


def test_a_hundred_times_in_an_hour_are_two_notices_with_a_count(book: IncidentBook) -> None:
    for number in range(100):
        book.bad("link_lost", MODEM, later(36 * number), modem=MODEM)
        book.look(later(36 * number + 1))
        book.good("link_lost", MODEM, later(36 * number + 18))
        book.look(later(36 * number + 35))
    calm = later(36 * 99 + 18)
    assert book.look(calm.replace(minute=calm.minute)) == []

    (closed,) = book.look(later(36 * 99 + 18 + 600))
    assert closed.count == 100 and told(book) == ["opened 1", "closed 1"]


def test_the_longer_it_flapped_the_longer_it_must_hold(book: IncidentBook) -> None:
    for number in range(3):
        book.bad("gpi_alarm", "m/gpi/1", later(10 * number))
        book.good("gpi_alarm", "m/gpi/1", later(10 * number + 5))

    assert book.look(later(25 + 179)) == []
    assert [row.count for row in book.look(later(25 + 180))] == [3]


@pytest.mark.parametrize("seen_again", [None, later(1800)])
def test_what_nobody_ends_is_over_when_it_has_been_quiet(book: IncidentBook, seen_again: datetime | None) -> None:
    book.bad("imei_conflict", MODEM, NOW)
    last = NOW
    if seen_again is not None:
        book.bad("imei_conflict", MODEM, seen_again)
        last = seen_again
    assert book.look(later(3599)) == []

    closed = book.look(later(3600 + 1800))
    assert [row.closed_at for row in closed] == [last]


def test_nobody_is_told_of_what_is_muted_until_it_is_not(book: IncidentBook) -> None:
    row = book.bad("gpi_alarm", "m/gpi/1", NOW, muted="maintenance")
    assert told(book) == [] and not row.is_told

    book.mute(row.number, "")
    assert told(book) == ["opened 1"]
    book.close(row.number, later(9), "анна", "осмотрели")
    (notice,) = book.take().notices
    assert (notice.kind, notice.by, notice.note, notice.row.closed_by) == ("closed", "анна", "осмотрели", "анна")


def test_what_was_muted_from_begin_to_end_is_kept_and_never_told(book: IncidentBook) -> None:
    book.bad("gpi_alarm", "m/gpi/1", NOW, muted="commissioning")
    book.good("gpi_alarm", "m/gpi/1", later(1))
    book.look(later(61))

    batch = book.take()
    assert batch.notices == [] and [row.closed_at for row in batch.rows.values()] == [later(1)]


def test_revisions_grow_with_each_change_that_is_taken(book: IncidentBook) -> None:
    book.bad("link_lost", MODEM, NOW)
    book.bad("link_lost", OTHER, NOW)
    first = [row.revision for row in book.take().rows.values()]
    book.edit(1, "acknowledged", "анна", acknowledged_by="анна", acknowledged_at=later(3))

    batch = book.take()
    assert first == [1, 2] and [row.revision for row in batch.rows.values()] == [3]
    assert [(each.change, each.by) for each in batch.notices] == [("acknowledged", "анна")]


def test_an_edit_that_changes_nothing_and_says_nothing_is_nothing(book: IncidentBook) -> None:
    book.bad("link_lost", MODEM, NOW)
    book.take()
    book.edit(1, owner="")

    assert not book.take()
    assert book.edit(2, owner="анна") is None and book.close(2, NOW, "анна") is None


def test_what_was_open_is_taken_back_with_its_end_in_sight(book: IncidentBook) -> None:
    book.bad("link_lost", MODEM, NOW)
    book.good("link_lost", MODEM, later(5))
    rows = list(book.take().rows.values())

    again = IncidentBook(hold_s=60)
    again.load(rows, last_number=1, revision=1)
    again.go_on_behind(7, 90)

    assert [row.number for row in again.look(later(65))] == [1]
    assert again.bad("link_lost", MODEM, later(70)).number == 8
    assert again.take().rows[8].revision == 92


def test_the_memory_of_what_flapped_is_bounded(book: IncidentBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irzhub.alerts.incident_book._FORGET_ABOVE", 3)
    for number in range(5):
        book.bad("link_lost", f"m{number}", later(number))
    book.bad("link_lost", "late", later(2 * 3600))
    book.bad("link_lost", "last", later(2 * 3600))

    assert len(book._bad_times) <= 3


def test_the_end_of_a_storm_is_cut_into_turns(book: IncidentBook) -> None:
    for number in range(1200):
        book.bad("gpi_alarm", f"m{number}/gpi/1", NOW)
        book.good("gpi_alarm", f"m{number}/gpi/1", later(1))

    assert [len(book.look(later(61))) for _ in range(4)] == [500, 500, 200, 0] and len(book) == 0
