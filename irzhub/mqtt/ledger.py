"""Which retained topics the hub has published, kept on disk, so that none is left behind.

A topic is noted before it is published and forgotten after its empty payload was acknowledged; so what is
here is at least what a broker may hold, also after a crash, and after `mqtt.base_topic` was changed.
"""

import logging
from collections.abc import Collection, Iterable
from typing import Final

from irzhub.mqtt.topics import Topics
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.local import Connection, Job, LocalStore
from irzhub.storage.published import add_published, list_published, remove_published

_log = logging.getLogger(__name__)

ALERTS: Final = ""
"""Stands in the place of a modem for the topics of incidents; their names are their numbers."""
_NONE: Final[frozenset[str]] = frozenset()


class TopicLedger:
    """The names of retained topics by modem, such as `state` and `gpi/1`; equal sets are kept once."""

    def __init__(self, store: LocalStore, topics: Topics) -> None:
        self._store = store
        self._topics = topics
        self._names: dict[str, frozenset[str]] = {}
        self._shared: dict[frozenset[str], frozenset[str]] = {}
        self.strays: dict[str, str] = {}

    async def load(self) -> None:
        """Read what was noted; topics of another base go to `strays`, each with its modem."""
        for modem, topics in (await self._store.read(list_published)).items():
            prefix = self._prefix(modem)
            self._keep(modem, {topic.removeprefix(prefix) for topic in topics if topic.startswith(prefix)})
            self.strays |= {topic: modem for topic in topics if not topic.startswith(prefix)}

    def modems(self) -> Collection[str]:
        """Return the modems that have retained topics."""
        return self._names.keys() - {ALERTS}

    def names(self, modem: str) -> frozenset[str]:
        """Return the names of what was published for a modem."""
        return self._names.get(modem, _NONE)

    async def note(self, wanted: Iterable[tuple[str, Collection[str]]]) -> None:
        """Put down, in one transaction, the names that are about to be published and are not noted yet."""
        new = {modem: fresh for modem, names in wanted if (fresh := set(names) - self.names(modem))}
        if not new:
            return
        for modem, fresh in new.items():
            self._keep(modem, self.names(modem) | fresh)

        def write(connection: Connection) -> None:
            add_published(
                connection,
                [(modem, self._prefix(modem) + name) for modem, fresh in new.items() for name in sorted(fresh)],
            )

        await self._write(write)

    async def forget(self, cleared: dict[str, str]) -> None:
        """Drop topics, each given with its modem, that no broker holds any more."""
        by_modem: dict[str, list[str]] = {}
        for topic, modem in cleared.items():
            self.strays.pop(topic, None)
            by_modem.setdefault(modem, []).append(topic)
            self._keep(modem, self.names(modem) - {topic.removeprefix(self._prefix(modem))})

        def write(connection: Connection) -> None:
            for modem, topics in by_modem.items():
                remove_published(connection, modem, topics)

        await self._write(write)

    async def _write(self, job: Job[None]) -> None:
        try:
            await self._store.write(job)
        except LocalStoreFailed as error:
            # The topics are published all the same: only after a crash right now could one be left behind.
            _log.debug("published topics not noted: %s", error)

    def _keep(self, modem: str, names: Collection[str]) -> None:
        if names:
            frozen = frozenset(names)
            self._names[modem] = self._shared.setdefault(frozen, frozen)
        else:
            self._names.pop(modem, None)

    def _prefix(self, modem: str) -> str:
        return self._topics.alerts if modem == ALERTS else self._topics.of_modem(modem, "")
