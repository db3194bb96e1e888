"""In which windows a modem with a schedule is to be online."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from irzhub.config.cron import last_start, next_start
from irzhub.config.settings import Window
from irzhub.core.spans import Span, merge_spans


@dataclass(slots=True)
class Timetable:
    """Windows on the clock of one zone. Asked again and again with the present, it counts only at their edges."""

    windows: tuple[Window, ...]
    zone: tzinfo
    _good_until: datetime | None = field(default=None, init=False)
    _good_since: datetime | None = field(default=None, init=False)
    _open: Span | None = field(default=None, init=False)

    def window_at(self, moment: datetime) -> Span | None:
        """Return the window that `moment` lies in, overlapping ones as one; None outside all."""
        if (
            not (self._good_since is not None and self._good_until is not None)
            or not self._good_since <= moment < self._good_until
        ):
            self._look(moment)
        return self._open

    def spans(self, since: datetime, until: datetime) -> list[Span]:
        """Return all windows between two moments, cut at these, overlapping ones as one, in order."""
        found: list[Span] = []
        for window in self.windows:
            start = last_start(window.cron, since.astimezone(self.zone))
            while (begin := start.astimezone(UTC)) < until:
                span = Span(max(begin, since), min(begin + timedelta(seconds=window.duration_s), until))
                if span.since < span.until:
                    found.append(span)
                start = next_start(window.cron, start)
        return merge_spans(found)

    def _look(self, moment: datetime) -> None:
        here = moment.astimezone(self.zone)
        spans = []
        edges = []
        for window in self.windows:
            begin = last_start(window.cron, here).astimezone(UTC)
            end = begin + timedelta(seconds=window.duration_s)
            if moment < end:
                spans.append(Span(begin, end))
                edges.append(end)
            edges.append(next_start(window.cron, here).astimezone(UTC))
        self._open = merge_spans(spans)[0] if spans else None
        self._good_since = moment
        self._good_until = min(edges, default=moment)
