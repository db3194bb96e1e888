"""What the fleet tells reports, of a fleet with one modem and one meter."""

from dataclasses import dataclass
from typing import Any

from irzhub.core.exceptions import UnknownModem
from irzhub.fleet.report_facts import ReportFacts
from irzhub.reports.ground import Facts


@dataclass
class Known:
    """A fleet that knows one modem."""

    def get(self, modem: str) -> str:
        if modem != "known":
            raise UnknownModem(modem)
        return f"row of {modem}"

    def timetable_of(self, row: str) -> str:
        return f"windows in {row}"

    def meters(self, modem: str) -> list[str]:
        return [f"meter of {modem}"]

    def lines(self, modem: str) -> list[str]:
        return [f"line of {modem}"]

    def polls(self, day: str) -> list[str] | None:
        return [f"polls of {day}"] if day == "2026-11-21" else None

    def programs(self) -> dict[str, str]:
        return {"10.0.0.7": "АСКУЭ"}


@dataclass
class Whole:
    """Its parts by name."""

    registry: Any
    presence: Any
    meters: Any


def test_each_question_goes_to_the_part_that_knows() -> None:
    known = Known()
    of_fleet: Facts = ReportFacts(Whole(known, known, known))  # type: ignore[arg-type]
    facts: Any = of_fleet

    assert facts.timetable("known") == "windows in row of known"
    assert facts.timetable("deleted") is None
    assert facts.meters("known") == ["meter of known"]
    assert facts.lines("known") == ["line of known"]
    assert facts.polls("2026-11-21") == ["polls of 2026-11-21"]
    assert facts.polls("2026-01-01") is None
    assert facts.programs() == {"10.0.0.7": "АСКУЭ"}
