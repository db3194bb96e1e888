"""Lost links as incidents: singly after a delay, many together as one that names their common cause."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from irzhub.alerts.incident_book import IncidentBook
from irzhub.alerts.incident_causes import Cause, Trait, Traits, find_causes
from irzhub.alerts.incident_groups import CauseGroup, CauseGroups
from irzhub.alerts.incident_kinds import COMMON_CAUSE, LINK_LOST, cause_subject
from irzhub.alerts.incident_links import LinkWatch, Loss
from irzhub.config.settings import AlertSettings
from irzhub.core.operators import operator_of_cell, operator_of_sim
from irzhub.core.state import ModemState, StateStore
from irzhub.storage.incidents import IncidentRow, MemberRow

_log = logging.getLogger(__name__)
_SEARCH_EVERY: Final = timedelta(seconds=10)


def traits_of(state: ModemState) -> Traits:
    """Return what a modem shares with others: the operator of its cell, else of its SIM card; cell and group."""
    operator = operator_of_cell(state.cell) or operator_of_sim(state.iccid) or ""
    return Traits(operator, state.cell or "", state.group)


@dataclass(slots=True)
class Outages:
    """Follows links; says to the book which are incidents, and which belong to one of many.

    Args:
        why_muted: returns why nobody is told of a modem, empty when people are.
        searches: how often a common cause was looked for: each is one pass over the fleet.
    """

    settings: AlertSettings
    states: StateStore
    book: IncidentBook
    why_muted: Callable[[str | None, datetime], str]
    groups: CauseGroups = field(default_factory=CauseGroups)
    is_uplink_up: bool | None = None
    searches: int = 0
    _links: LinkWatch = field(init=False)
    _burst: list[datetime] = field(default_factory=list)
    _next_search: datetime | None = None
    _touched: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._links = LinkWatch(timedelta(), 0, timedelta())
        self.retune(self.settings)

    def retune(self, settings: AlertSettings) -> None:
        """Judge by other settings from now on, also the losses that wait."""
        self.settings = settings
        self._links.delay = timedelta(seconds=settings.link_lost_after_s)
        self._links.breaks, self._links.breaks_within = settings.breaks, timedelta(seconds=settings.breaks_within_s)

    def load(self, rows: list[IncidentRow], members: list[MemberRow]) -> None:
        """Take back the common causes that were open at the last stop."""
        by_number: dict[int, list[MemberRow]] = {}
        for member in members:
            by_number.setdefault(member.incident, []).append(member)
        for row in rows:
            if row.kind == COMMON_CAUSE:
                self.groups.load(row.number, _trait_of(row), by_number.get(row.number, []))

    def lost(self, state: ModemState, at: datetime) -> None:
        """A modem that is expected is away."""
        modem = state.modem
        if (number := self.groups.number_of(modem)) is not None:
            self._join(number, Loss(modem, at))
            return
        known = self.book.find(LINK_LOST, modem)
        if known is not None:
            if known.good_since is not None:
                self._bad(Loss(modem, at))
            return
        if (group := self.groups.matching(traits_of(state))) is not None:
            self._join(group.number, Loss(modem, at))
            return
        if times := self._links.lost(modem, at):
            self._links.take(modem)
            self._bad(Loss(modem, at), times=times, breaks=times)
            return
        self._note_burst(at)

    def explain(self, modem: str, detail: str) -> None:
        """The event of a loss says why, a moment after its state said that."""
        self._links.explain(modem, detail)
        row = self.book.find(LINK_LOST, modem)
        if row is not None and row.good_since is None and row.facts.get("detail") != detail:
            self.book.edit(row.number, facts={**row.facts, "detail": detail})

    def returned(self, modem: str, at: datetime) -> None:
        """A modem is back, or is not expected any more."""
        self._links.returned(modem)
        self.book.good(LINK_LOST, modem, at)
        if (group := self.groups.returned(modem, at)) is not None:
            self._judge(group, at)

    def forget(self, modem: str, at: datetime) -> None:
        """A modem was deleted."""
        self._links.forget(modem)
        if (group := self.groups.forget(modem)) is not None:
            self._judge(group, at)

    def wait_anew(self, now: datetime) -> None:
        """The hub was away itself: no link is called lost before another delay has passed."""
        self._links.wait_anew(now)

    @property
    def is_looking(self) -> bool:
        """Whether so many links were lost lately that their common cause is looked for."""
        return self._next_search is not None and len(self._burst) >= self.settings.common_cause.modems

    def learn_uplink(self, is_up: bool | None) -> None:
        """The hub's own uplink was looked at; None: that said nothing."""
        self.is_uplink_up = is_up

    def look(self, now: datetime) -> None:
        """Search for common causes when it is time, and begin the incidents of losses that last."""
        if self._is_search_due(now):
            self._search(now)
        for loss in self._links.due(now):
            self._bad(loss)
        for number in self._touched:
            self._refresh(number)
        self._touched.clear()
        if changed := self.groups.take_changed():
            self.book.note_members(changed)

    def ended(self, row: IncidentRow) -> None:
        """A common cause is over; who is still away has a cause of its own."""
        self.book.note_members(self.groups.take_changed())
        for member in self.groups.end(row.number):
            if member.modem in self.states and self.states.get(member.modem).link == "offline":
                self._bad(Loss(member.modem, member.lost_at, member.detail))

    def _bad(self, loss: Loss, times: int = 1, **facts: object) -> None:
        shown = {**facts, **({"detail": loss.detail} if loss.detail else {})}
        muted = self.why_muted(loss.modem, loss.at)
        self.book.bad(LINK_LOST, loss.modem, loss.at, modem=loss.modem, facts=shown, muted=muted, times=times)

    def _join(self, number: int, loss: Loss) -> None:
        group = self.groups.lost(number, loss.modem, loss.at, loss.detail)
        self._links.take(loss.modem)
        if (row := self.book.find(LINK_LOST, loss.modem)) is not None and row.parent is None:
            self.book.edit(row.number, "grouped", "hub", parent=number)
        self._judge(group, loss.at)

    def _judge(self, group: CauseGroup, at: datetime) -> None:
        row = self.book.get(group.number)
        if row is None:
            return
        self._touched.add(group.number)
        if group.is_over:
            self.book.good(row.kind, row.subject, at)
        elif row.good_since is not None:
            self.book.bad(row.kind, row.subject, at)

    def _refresh(self, number: int) -> None:
        """Write down how many are away; once in a look, however many came and went."""
        group, row = self.groups.group(number), self.book.get(number)
        if group is not None and row is not None:
            counts = {"members": len(group.members), "away": group.away}
            if any(row.facts.get(name) != value for name, value in counts.items()):
                self.book.edit(number, facts={**row.facts, **counts})

    def _note_burst(self, at: datetime) -> None:
        self._burst.append(at)
        window = timedelta(seconds=self.settings.common_cause.window_s)
        if self._burst[0] <= at - 2 * window:
            self._burst = [each for each in self._burst if each > at - window]
        if self._next_search is None:
            self._next_search = at + timedelta(seconds=self.settings.common_cause.gather_s)

    def _is_search_due(self, now: datetime) -> bool:
        return self._next_search is not None and now >= self._next_search

    def _search(self, now: datetime) -> None:
        cause = self.settings.common_cause
        since = now - timedelta(seconds=cause.window_s)
        losses = {loss.modem: loss for loss in self._links.recent(since)}
        losses |= {row.subject: _loss_of(row) for row in self._recent_incidents(since)}
        self._next_search = now + _SEARCH_EVERY if any(at > since for at in self._burst) else None
        self._burst = [at for at in self._burst if at > since]
        if len(losses) < cause.modems:
            return
        self.searches += 1
        population = {
            state.modem: traits_of(state)
            for state in self.states
            if state.is_expected and (state.link == "online" or state.modem in losses)
        }
        for found in find_causes(population, losses, cause.modems, is_uplink_up=self.is_uplink_up):
            self._begin(found, losses)

    def _recent_incidents(self, since: datetime) -> list[IncidentRow]:
        return [
            row
            for row in self.book
            if row.kind == LINK_LOST and row.parent is None and row.opened_at > since and row.good_since is None
        ]

    def _begin(self, cause: Cause, losses: dict[str, Loss]) -> None:
        members = sorted((losses[modem] for modem in cause.lost), key=lambda loss: loss.at)
        trait, subject = (cause.kind, cause.name), cause_subject(cause.kind, cause.name)
        mutes = {self.why_muted(loss.modem, loss.at) for loss in members}
        facts = {
            "cause": cause.kind,
            "name": cause.name,
            "members": len(members),
            "away": len(members),
            "evidence": [{"about": share.about, "lost": share.lost, "of": share.of} for share in cause.evidence],
            "uplink": self.is_uplink_up,
        }
        muted = next(iter(mutes)) if len(mutes) == 1 else ""
        row = self.book.bad(COMMON_CAUSE, subject, members[0].at, facts=facts, muted=muted)
        _log.warning("%d modems were lost together: %s %s", len(members), cause.kind, cause.name)
        if self.groups.group(row.number) is None:
            self.groups.begin(row.number, trait)
        for loss in members:
            self._join(row.number, loss)


def _trait_of(row: IncidentRow) -> Trait:
    kind = row.facts.get("cause")
    assert kind in ("cell", "operator", "group", "uplink"), f"incident {row.number} names no cause"
    return kind, str(row.facts.get("name", ""))


def _loss_of(row: IncidentRow) -> Loss:
    return Loss(row.subject, row.opened_at, str(row.facts.get("detail", "")))
