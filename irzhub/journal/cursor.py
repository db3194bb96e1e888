"""How far each reader of the journal has come, kept over a restart."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Final

from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.events import load_cursors, save_cursors
from irzhub.storage.local import LocalStore

_log = logging.getLogger(__name__)
_SAVE_AFTER_S: Final = 1.0


@dataclass(slots=True)
class Cursor:
    """One reader's position: it has done with every event up to `position`.

    Moves in memory at once; the disk follows within a second. After a crash the reader meets a second's
    worth of events again, with the same ids.
    """

    name: str
    position: int
    _owner: "Cursors" = field(repr=False)

    def advance(self, seq: int) -> None:
        """Note that everything up to `seq` is done; a lower number than before is ignored."""
        if seq > self.position:
            self.position = seq
            self._owner.moved(self)

    def rewind(self, seq: int) -> None:
        """Go back to `seq`, so that what follows it is read again."""
        if seq < self.position:
            self.position = max(seq, 0)
            self._owner.moved(self)


class Cursors:
    """All cursors of one journal; writes those that moved at most once a second, and at `close`."""

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self._cursors: dict[str, Cursor] = {}
        self._moved: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Future[None] | None = None

    async def load(self) -> None:
        """Read the positions that were kept."""
        positions = await self._store.read(load_cursors)
        self._cursors = {name: Cursor(name, position, self) for name, position in positions.items()}

    def get(self, name: str) -> Cursor:
        """Return the cursor of that name; a new one stands before the first event."""
        return self._cursors.setdefault(name, Cursor(name, 0, self))

    @property
    def lowest(self) -> int | None:
        """The position of the reader that is furthest behind; None when nobody reads."""
        return min((cursor.position for cursor in self._cursors.values()), default=None)

    def moved(self, cursor: Cursor) -> None:
        """Have the position of `cursor` written soon."""
        self._moved.add(cursor.name)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SAVE_AFTER_S, self._save)

    async def close(self) -> None:
        """Write what has moved since the last time."""
        if self._timer is not None:
            self._timer.cancel()
            self._save()
        if self._writing is not None:
            await asyncio.wait((self._writing,))

    def _save(self) -> None:
        self._timer = None
        names, self._moved = self._moved, set()
        positions = {name: self._cursors[name].position for name in names}
        self._writing = self._store.write(lambda connection: save_cursors(connection, positions))
        self._writing.add_done_callback(lambda done: self._saved(names, done))

    def _saved(self, names: set[str], done: asyncio.Future[None]) -> None:
        if not done.cancelled() and isinstance(error := done.exception(), LocalStoreFailed):
            # Nothing is lost: the next move of any cursor writes these too.
            _log.debug("cursors not written: %s", error)
            self._moved |= names
