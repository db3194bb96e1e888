"""The summary of a day: who was read, who was not, and why."""

from datetime import UTC, datetime

from irzhub.reports.readings import CAUSES, Line, Reading, Totals, cause_of_meter, readings
from irzhub.storage.meters import MeterLineRow, MeterRow
from irzhub.storage.polls import PollRow

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
END = datetime(2026, 11, 21, 21, tzinfo=UTC)
A, B = "10.0.0.7", "10.0.0.8"


def meter(address: str = "", modem: str = "m") -> MeterRow:
    return MeterRow(id=f"{modem}-{address}", modem=modem, type="СЭТ-4ТМ", serial="1", address=address, created_at=NOON)


def heard(address: str, last_answered: datetime | None = NOON) -> MeterLineRow:
    return MeterLineRow(
        modem="m",
        address=address,
        protocol="modbus",
        first_asked=NOON,
        last_asked=NOON,
        last_answered=last_answered,
    )


def polled(address: str, program: str = A, **counts: int) -> PollRow:
    return PollRow(
        day="2026-11-21",
        modem="m",
        address=address,
        program=program,
        asked=sum(counts.values()),
        first_asked=NOON,
        last_asked=NOON,
        hours_asked=1 << 15,
        hours_answered=1 << 15 if counts.get("answered") else 0,
        **counts,  # type: ignore[arg-type]
    )


def causes(line: Line, *polls: PollRow) -> dict[tuple[str, str], str | None]:
    return {(each.address, each.program): each.cause for each in readings({"m": line}, polls, END)}


def test_every_cause_has_its_name() -> None:
    line = Line([meter(str(number)) for number in range(1, 7)], [])
    found = causes(
        line,
        polled("1", away=3),
        polled("2", silent=3),
        polled("3", busy=2),
        polled("4", lost=1),
        polled("6", answered=1, silent=5),
    )
    assert found == {
        ("1", A): "no_link",
        ("2", A): "meter_silent",
        ("3", A): "line_busy",
        ("4", A): "link_lost",
        ("5", ""): "not_asked",
        ("6", A): None,
    }


def test_a_program_that_was_turned_away_is_why() -> None:
    line = Line([meter("1"), meter("2")], [])
    assert causes(line, polled("", refused=2)) == {("1", A): "refused", ("2", A): "refused"}


def test_meters_that_nobody_entered_are_expected_while_they_answer_of_late() -> None:
    line = Line([], [heard("1"), heard("2", datetime(2026, 9, 1, tzinfo=UTC)), heard("3", None)])
    assert causes(line) == {("1", ""): "not_asked"}


def test_what_a_search_of_the_line_asked_in_vain_is_nobody() -> None:
    line = Line([meter("1")], [heard("1")])
    assert causes(line, polled("1", answered=1), polled("200", silent=3)) == {("1", A): None}


def test_a_lone_meter_without_address_has_all_that_was_asked() -> None:
    line = Line([meter()], [heard("7")])
    assert causes(line, polled("7", answered=2), polled("", silent=1), polled("7", program=B, silent=4)) == {
        ("", A): None,
        ("", B): "meter_silent",
    }


def test_each_program_has_its_own_line_and_one_success_is_enough_for_the_meter() -> None:
    line = Line([meter("7")], [])
    found = list(readings({"m": line}, [polled("7", answered=1), polled("7", program=B, silent=4)], END))
    assert [each.cause for each in found] == [None, "meter_silent"]
    assert cause_of_meter(found) is None
    assert cause_of_meter([each for each in found if each.cause]) == "meter_silent"


def test_the_hours_show_when_it_was_asked_and_when_it_answered() -> None:
    row = polled("7", answered=1, silent=2)
    row.hours_asked |= 1 << 3
    row.wait_ms, row.longest_ms = 900, 900
    [reading] = readings({"m": Line([meter("7")], [])}, [row], END)
    assert [reading.hours[hour] for hour in (2, 3, 15)] == [None, False, True]
    assert (reading.asked, reading.answered, reading.answer_s, reading.longest_s) == (3, 1, 0.9, 0.9)


def test_totals_count_meters() -> None:
    totals = Totals()
    for cause in (None, None, *CAUSES, "no_link"):
        totals.add(cause)
    assert (totals.expected, totals.read, totals.causes["no_link"], totals.causes["refused"]) == (9, 2, 2, 1)


def test_other_lines_polls_are_left_out() -> None:
    row = polled("7", answered=1)
    row.modem = "another"
    found: list[Reading] = list(readings({"m": Line([meter("7")], [])}, [row], END))
    assert [each.cause for each in found] == ["not_asked"]


def test_a_meter_that_is_silent_says_since_when_and_a_later_day_says_nothing_of_it() -> None:
    line = {"m": Line([meter("7"), meter("8"), meter("9")], [heard("7"), heard("8", END.replace(day=22))])}
    found = {row.address: row.last_heard for row in readings(line, [polled("7", silent=3)], END)}

    assert found == {"7": NOON, "8": None, "9": None}
