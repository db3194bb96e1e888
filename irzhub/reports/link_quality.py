"""How good the links are: by modem, and by operator; and what the traffic of a month comes to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from irzhub.core.spans import Span, Timetable, length_s, merge_spans, overlap_s
from irzhub.reports.uptime import a_day, expected_spans, known_since
from irzhub.storage.history_links import LinkSums, SessionSpan

_HEADERS_BYTES: Final = 40
"""IPv4 and TCP before the bytes of a packet; an acknowledgement is nothing else."""
_PACKET_BYTES: Final = 256
"""What a packet of a meter's exchange carries, about: questions are shorter, answers longer."""
_KEEPALIVE_BYTES: Final = 15 + 2 * _HEADERS_BYTES
_KEEPALIVE_S: Final = 60.0


@dataclass(slots=True)
class LinkQuality:
    """One modem, or all modems of an operator, in a span of time.

    Attributes:
        expected_s, online_s: as in `uptime`. breaks: how often a session ended. sessions: how many there were.
        rx_bytes, tx_bytes: meter bytes.
    """

    modems: int = 0
    expected_s: float = 0.0
    online_s: float = 0.0
    sessions: int = 0
    breaks: int = 0
    rx_bytes: int = 0
    tx_bytes: int = 0
    csq_sum: int = 0
    csq_count: int = 0
    csq_min: int | None = None

    @property
    def availability(self) -> float | None:
        """The share of the expected time in which it was online."""
        return None if not self.expected_s else round(self.online_s / self.expected_s, 6)

    @property
    def breaks_a_day(self) -> float | None:
        """How often the link broke in a day of being online; None before it was online for an hour."""
        return a_day(self.breaks, self.online_s)

    @property
    def between_breaks_s(self) -> float | None:
        """How long the link held on average."""
        return None if not self.breaks else round(self.online_s / self.breaks, 1)

    @property
    def csq(self) -> float | None:
        """The signal on average, as the modem gives it."""
        return None if not self.csq_count else round(self.csq_sum / self.csq_count, 1)

    @property
    def wire_bytes(self) -> int:
        """What goes over the air, about: packets have headers and are acknowledged, silence costs keepalives."""
        payload = self.rx_bytes + self.tx_bytes
        packets = payload / _PACKET_BYTES
        return round(payload + packets * 2 * _HEADERS_BYTES + self.online_s / _KEEPALIVE_S * _KEEPALIVE_BYTES)

    def add(self, other: "LinkQuality") -> None:
        """Count another one in."""
        self.modems += other.modems
        self.expected_s += other.expected_s
        self.online_s += other.online_s
        self.sessions += other.sessions
        self.breaks += other.breaks
        self.rx_bytes += other.rx_bytes
        self.tx_bytes += other.tx_bytes
        self.csq_sum += other.csq_sum
        self.csq_count += other.csq_count
        known = [each for each in (self.csq_min, other.csq_min) if each is not None]
        self.csq_min = min(known, default=None)


@dataclass(slots=True)
class LinkReport:
    """By modem, and by the operator of the SIM card."""

    modems: dict[str, LinkQuality] = field(default_factory=dict)
    operators: dict[str, LinkQuality] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSubject:
    """One modem that is looked at.

    Args:
        timetable: when it is to be online, None: always. registered_at: since when the hub knows it.
        operator: whose SIM card it has, empty while unknown.
    """

    timetable: Timetable | None = None
    registered_at: datetime | None = None
    operator: str = ""


def link_report(
    sessions: Iterable[SessionSpan],
    sums: Mapping[str, LinkSums],
    subjects: Mapping[str, LinkSubject],
    since: datetime,
    until: datetime,
) -> LinkReport:
    """Return how good the links were.

    Args:
        sessions: of the span, in any order.
        sums: bytes and signal, by modem.
        subjects: all modems that are looked at.
        since: where to begin.
        until: where to end, at the latest now.
    """
    by_modem: dict[str, list[SessionSpan]] = {}
    for session in sessions:
        by_modem.setdefault(session.modem, []).append(session)
    report = LinkReport()
    for modem, subject in subjects.items():
        quality = _of_modem(by_modem.get(modem, []), sums.get(modem), subject, since, until)
        report.modems[modem] = quality
        report.operators.setdefault(subject.operator, LinkQuality()).add(quality)
    return report


def forecast(so_far: float, since: datetime, until: datetime, now: datetime) -> int:
    """Return what a count comes to at `until` when it goes on as it has since `since`."""
    passed = max(min(now, until) - since, timedelta(hours=1))
    return round(so_far * ((until - since) / passed))


def _of_modem(
    sessions: Sequence[SessionSpan],
    sums: LinkSums | None,
    subject: LinkSubject,
    since: datetime,
    until: datetime,
) -> LinkQuality:
    spans = [Span(max(each.opened_at, since), min(each.closed_at or until, until)) for each in sessions]
    online = merge_spans([each for each in spans if each.since < each.until])
    known = known_since(subject.registered_at, online, since)
    expected = expected_spans(subject.timetable, known, until)
    quality = LinkQuality(
        modems=1,
        expected_s=round(length_s(expected), 3),
        online_s=round(overlap_s(expected, online), 3),
        sessions=sum(each.opened_at >= since for each in sessions),
        breaks=sum(each.closed_at is not None and each.is_seen and each.closed_at < until for each in sessions),
    )
    if sums is not None:
        quality.rx_bytes, quality.tx_bytes = sums.rx_bytes, sums.tx_bytes
        quality.csq_sum, quality.csq_count, quality.csq_min = sums.csq_sum, sums.csq_count, sums.csq_min
    return quality
