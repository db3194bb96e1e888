"""A fresh `data_dir` beside a kept history database: the hub goes on as the one it was (ARCHITECTURE D3).

Registry, ports and input settings come back, and event numbers go on behind the last recorded one. This
happens before the journal gives its first number.
"""

import asyncio
import logging
from typing import Any, Final

from irzhub.storage.errors import DatabaseRefused, DatabaseUnavailable
from irzhub.storage.events import event_bounds
from irzhub.storage.history import HistoryStore
from irzhub.storage.history_modems import StoredRegistry, load_registry
from irzhub.storage.inputs import save_input
from irzhub.storage.local import LocalStore
from irzhub.storage.meta import SEQ_FLOOR, get_meta, set_meta
from irzhub.storage.modems import has_modems, save_modem

_log = logging.getLogger(__name__)

SEQ_MARGIN: Final = 1000
"""Numbers that may have been published without being recorded: the recorder is a second behind."""

_WAIT_S: Final = 10.0
_LOAD_DEADLINE_S: Final = 30.0
_RETRY_S: Final = 1.0


async def inherit(store: LocalStore, history: HistoryStore, wait_s: float = _WAIT_S) -> int:
    """Fill an empty local store from the history database; return how many modems came.

    A database that is away is asked again for `wait_s`. After that the hub starts without it, as it would
    with a new installation, and says so.
    """
    if not await store.read(_is_fresh):
        return 0
    if (found := await _load(history, wait_s)) is None:
        return 0
    if found.modems or found.last_seq:
        await store.write(lambda connection: _fill(connection, found))
        _log.warning("the data folder is new: %d modems with their ports come from the database", len(found.modems))
    return len(found.modems)


async def _load(history: HistoryStore, wait_s: float) -> StoredRegistry | None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wait_s
    while True:
        try:
            return await history.run(
                lambda connection: load_registry(connection, history.hub), deadline_s=_LOAD_DEADLINE_S
            )
        except (DatabaseUnavailable, DatabaseRefused) as error:
            if loop.time() >= deadline:
                _log.warning(
                    "the data folder is new and the database does not answer (%s): if it keeps the ports of an "
                    "earlier installation, stop this hub, start the database and start the hub again",
                    error,
                )
                return None
            await asyncio.sleep(_RETRY_S)


def _is_fresh(connection: Any) -> bool:
    """Say whether this store has never held a modem, an event or a restored backup."""
    return not has_modems(connection) and event_bounds(connection) == (0, 0) and get_meta(connection, SEQ_FLOOR) is None


def _fill(connection: Any, found: StoredRegistry) -> None:
    for row in found.modems:
        save_modem(connection, row)
    for each in found.inputs:
        save_input(connection, each)
    set_meta(connection, SEQ_FLOOR, str(found.last_seq + SEQ_MARGIN))
