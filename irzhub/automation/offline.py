"""A dry run without a hub, or beside a running one: events, modems and people as they lie on the disk."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from irzhub.alerts.directory import Directory
from irzhub.alerts.directory_desk import fill
from irzhub.automation.desk import DryRun
from irzhub.automation.recorded import Recorded
from irzhub.automation.replay import ReplayWorld, replay
from irzhub.automation.rule import Rule
from irzhub.automation.templates import Templates
from irzhub.config.settings import Settings
from irzhub.core.events import Event
from irzhub.core.state import ModemState
from irzhub.storage.directory import load_directory
from irzhub.storage.events import event_bounds, read_events, seq_before
from irzhub.storage.history import HistoryStore
from irzhub.storage.local import Connection, open_beside
from irzhub.storage.modems import ModemRow, load_modems


class StoredJournal:
    """The journal of a hub that need not run, read through a connection of one's own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._first, self._last = event_bounds(connection)

    @property
    def first_seq(self) -> int:
        """The lowest number that can still be read; 0 while there is none."""
        return self._first

    async def seq_before(self, moment: datetime) -> int:
        """Return the number of the last event older than `moment`."""
        return await asyncio.to_thread(seq_before, self._connection, moment)

    async def read(self, after_seq: int, limit: int) -> list[Event]:
        """Return at most `limit` events after `after_seq`, in order."""
        return await asyncio.to_thread(read_events, self._connection, after_seq, self._last, limit)


def dry_run_on_disk(
    settings: Settings, rules: Sequence[Rule], since: datetime, until: datetime, most_told: int
) -> DryRun:
    """Say what rules would have done over what a hub has recorded; not for a running loop.

    Raises:
        IrzhubError: the recorded events cannot be read, or are too many.
    """
    hub = settings.hub
    zone = ZoneInfo(hub.time_zone)
    people = Directory(hub.language, zone)
    with open_beside(hub.data_dir) as connection:
        states = [_state(row) for row in load_modems(connection)]
        fill(people, load_directory(connection), settings.contacts, until)
        events = asyncio.run(_recorded(settings, StoredJournal(connection), since, until))
    world = ReplayWorld(
        states=states,
        templates=Templates(zone, hub.language),
        zone=zone,
        language=hub.language,
        calendars=people,
        reach=lambda message, moment: people.reach(message, moment).recipients,
    )
    return replay(rules, events, since, until, world, most_told)


async def _recorded(settings: Settings, journal: StoredJournal, since: datetime, until: datetime) -> list[Event]:
    hub = settings.hub
    async with HistoryStore(settings.database.url, hub.data_dir, hub.id) as history:
        older = None if await _has_all(journal, since) else history
        return await Recorded(journal, older, hub.id).between(since, until)


async def _has_all(journal: StoredJournal, since: datetime) -> bool:
    """Say whether the journal goes back as far as is wanted: then the history database need not be there."""
    oldest = await journal.read(0, 1)
    return bool(oldest) and (oldest[0].ts <= since or oldest[0].seq == 1)


def _state(row: ModemRow) -> ModemState:
    return ModemState(
        modem=row.modem,
        imei=row.imei,
        channel=row.channel,
        name=row.name,
        group=row.group,
        comment=row.comment,
        organisation=row.organisation,
        site=row.site,
        port=row.port,
        phone_sim1=row.phone_sim1,
        phone_sim2=row.phone_sim2,
    )
