"""What stands above the table of a report that is a file: its title, whose it is, of when, and the totals."""

from dataclasses import dataclass
from datetime import timedelta, tzinfo

from irzhub.reports.report import Report
from irzhub.reports.shown import day_text, moment_text, shown
from irzhub.reports.wanted import Wanted
from irzhub.reports.words import column_title, in_words


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report with all that a file needs to show it.

    Args:
        whose: the modem, group or organisation in words, as people call it.
        zone: on whose clock times are.
    """

    report: Report
    wanted: Wanted
    whose: str
    zone: tzinfo

    @property
    def language(self) -> str:
        """The language of the file."""
        return self.wanted.language

    @property
    def title(self) -> str:
        """What kind of report it is."""
        return in_words(self.report.kind, self.language)

    def lines(self) -> list[tuple[str, str]]:
        """Return the lines above the table: what each is, and what it says."""
        language, report = self.language, self.report
        first, last = self.wanted.first.isoformat(), self.wanted.last.isoformat()
        days = " - ".join(day_text(day, language) for day in dict.fromkeys((first, last)))
        clock = f"{in_words('clock', language)} {report.zone}"
        found = [
            (in_words("period", language), f"{days} ({clock})"),
            (in_words("whole_fleet", language), self.whose),
            (in_words("made", language), moment_text(report.made_at, self.zone, language)),
        ]
        for name, value in report.total.items():
            if value is not None:
                text = shown(value, report.meaning_of(name), language, self.zone)
                found.append((column_title(name, language), text))
        if report.is_cut:
            found.append(("!", in_words("cut", language)))
        return found

    def file_name(self, suffix: str) -> str:
        """Return the name of a file: what it is and of when, in ASCII."""
        first, last = self.wanted.first, self.wanted.last
        days = f"{first:%Y-%m-%d}" if last - first < timedelta(days=1) else f"{first:%Y-%m-%d}_{last:%Y-%m-%d}"
        return f"{self.report.kind}_{days}.{suffix}"
