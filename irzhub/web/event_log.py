"""Reading events back: the newest from the journal, older ones from the history database, as one list."""

import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from aiohttp import web

from irzhub.core.events import Event
from irzhub.core.groups import is_within, normal_path
from irzhub.storage.errors import DatabaseRefused, DatabaseUnavailable
from irzhub.storage.event_search import EventSearch, Found, find_events, history_bounds, history_seq_before
from irzhub.storage.events import seq_before
from irzhub.storage.history import HistoryStore
from irzhub.web.context import IDENTITY, WebContext, context_of
from irzhub.web.fleet_view import is_visible, visible_modems
from irzhub.web.models import EventQuery
from irzhub.web.problem import FieldError, Problem

_T = TypeVar("_T")
_BEYOND_ALL: Final = 2**62


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in order, where to go on, the lowest number that can be read, and whether the history was away."""

    events: list[Event]
    next_seq: int | None
    first_seq: int
    is_partial: bool


async def read_events(request: web.Request, query: EventQuery) -> EventPage:
    """Return the page of events that a query asks for, of what the caller may see.

    Raises:
        Problem: 400, a value is wrong.
    """
    context = context_of(request)
    reader = _Reader(context, None if context.desks is None else context.desks.history)
    search = EventSearch(
        modems=_modems(request, query),
        types=None if query.type is None else frozenset(name.strip() for name in query.type.split(",")),
        newest_first=query.order == "desc",
        limit=query.limit,
    )
    return await reader.page(await reader.bounded(search, query))


@dataclass(slots=True)
class _Reader:
    """Joins both stores: numbers from the journal's first one on are the journal's, all before the history's."""

    context: WebContext
    history: HistoryStore | None
    is_partial: bool = False

    async def bounded(self, search: EventSearch, query: EventQuery) -> EventSearch:
        """Return the search within the numbers that cursor and times mean."""
        after, before = query.after_seq, _BEYOND_ALL
        if query.cursor is not None:
            after, before = (after, query.cursor) if search.newest_first else (max(after, query.cursor), before)
        if query.since is not None:
            after = max(after, await self._seq_before(query.since))
        if query.until is not None:
            before = min(before, await self._seq_before(query.until) + 1)
        return dataclasses.replace(search, after_seq=after, before_seq=before)

    async def page(self, search: EventSearch) -> EventPage:
        """Return one page, from one store or across both."""
        border = self.context.journal.first_seq or _BEYOND_ALL  # while the journal is empty, all is the history's
        older = dataclasses.replace(search, before_seq=min(search.before_seq, border))
        newer = dataclasses.replace(search, after_seq=max(search.after_seq, border - 1))
        parts = [(self._from_history, older), (self._from_journal, newer)]
        events: list[Event] = []
        next_seq: int | None = None
        for read, part in reversed(parts) if search.newest_first else parts:
            if part.after_seq + 1 >= part.before_seq:
                continue
            if next_seq is not None or len(events) == search.limit:
                break
            found = await read(dataclasses.replace(part, limit=search.limit - len(events)))
            events += found.events
            next_seq = found.next_seq
        if next_seq is None and len(events) == search.limit:
            next_seq = events[-1].seq if self._may_go_on(search, events[-1].seq, border) else None
        return EventPage(events, next_seq, await self._first_seq(), self.is_partial)

    def _may_go_on(self, search: EventSearch, last: int, border: int) -> bool:
        """Say whether the other store may hold more behind a page that the first one filled exactly."""
        if search.newest_first:
            return last >= border and self.history is not None and search.after_seq + 1 < border
        return last < border

    async def _from_journal(self, search: EventSearch) -> Found:
        # What is committed and not published yet is told when it is: a follower would have it twice.
        search = dataclasses.replace(search, before_seq=min(search.before_seq, self.context.journal.last_seq + 1))
        if search.modems is None and search.types is None and not search.newest_first:
            events = await self.context.journal.read(search.after_seq, search.limit + 1)
            events = [event for event in events if event.seq < search.before_seq]
            more = len(events) > search.limit
            return Found(events[: search.limit], events[search.limit - 1].seq if more else None)
        return await self.context.store.read(lambda conn: find_events(conn, search))

    async def _from_history(self, search: EventSearch) -> Found:
        found = await self._ask(lambda store: store.read(lambda conn: find_events(conn, search, store.hub)))
        return found if found is not None else Found([], None)

    async def _seq_before(self, moment: datetime) -> int:
        local = await self.context.store.read(lambda conn: seq_before(conn, moment))
        if local >= max(1, self.context.journal.first_seq):
            return local
        older = await self._ask(lambda store: store.read(lambda conn: history_seq_before(conn, store.hub, moment)))
        return older or 0

    async def _first_seq(self) -> int:
        first = self.context.journal.first_seq
        bounds = await self._ask(lambda store: store.read(lambda conn: history_bounds(conn, store.hub)))
        return first if not bounds or not bounds[0] else min(first, bounds[0]) if first else bounds[0]

    async def _ask(self, job: Callable[[HistoryStore], Awaitable[_T]]) -> _T | None:
        """Ask the history; None while it is away, which the page then says."""
        if self.history is None or self.is_partial:
            return None
        try:
            return await job(self.history)
        except (DatabaseUnavailable, DatabaseRefused):
            self.is_partial = True
            return None


def _modems(request: web.Request, query: EventQuery) -> frozenset[str] | None:
    """Return whose events are asked for and may be seen; None for all, those of the hub itself included."""
    context, wanted = context_of(request), None
    if query.modem is not None:
        wanted = frozenset(context.registry.lineage(query.modem)) if is_visible(request, query.modem) else frozenset()
    if query.group is not None:
        try:
            group = normal_path(query.group)
        except ValueError as error:
            raise Problem(400, "invalid_query", str(error), errors=(FieldError("group", str(error)),)) from None
        inside = frozenset(state.modem for state in visible_modems(request) if is_within(state.group, group))
        if wanted is None:
            wanted = inside
        elif query.modem not in inside:
            wanted = frozenset()  # those in whose place it stands are in no group any more: they go with it
    if wanted is None and not request[IDENTITY].scope.is_whole:
        wanted = frozenset(state.modem for state in visible_modems(request))
    return wanted
