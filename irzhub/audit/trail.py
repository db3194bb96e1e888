"""The door through which everything comes into the audit."""

import asyncio
import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from irzhub.core.health import Health
from irzhub.storage.audit import AuditRow, Verdict, append_audit, verify_audit
from irzhub.storage.local import LocalStore

_log = logging.getLogger(__name__)

PART: Final = "audit"
HIDDEN: Final = "(hidden)"
_SECRET: Final = re.compile(r"passw|secret|token|psw|pin_code|recovery|totp|csrf|private", re.IGNORECASE)
_LONGEST: Final = 8192

Listener: TypeAlias = Callable[[Sequence[AuditRow]], None]


class AuditTrail:
    """Writes rows into the chain and tells those who copy them.

    A row that cannot be written (disk full) is logged, so that it is not lost without a trace, and the part
    `audit` is down until one can be written again. What was done is done: no caller ever fails because of it.
    """

    def __init__(self, store: LocalStore, health: Health, key: str | None = None) -> None:
        self._store = store
        self._health = health
        self._key = None if key is None else key.encode()
        self.listeners: list[Listener] = []
        self._look = asyncio.Lock()

    async def record(self, row: AuditRow) -> None:
        """Write one row; when this returns it is on the disk, or the log says why it is not."""
        await asyncio.wait([self.note(row)])

    def note(self, row: AuditRow) -> asyncio.Future[list[AuditRow]]:
        """Write one row soon, behind those that were noted before; for callers that cannot wait."""
        safe = _without_secrets(row)
        future = self._store.write(lambda connection: append_audit(connection, [safe], self._key))
        future.add_done_callback(lambda done: self._written(safe, done))
        return future

    async def verify(self) -> Verdict:
        """Look over the whole chain, one look at a time, beside all else; it takes a second for some 50,000 rows.

        Raises:
            LocalStoreFailed: the file cannot be read.
        """
        async with self._look:
            return await self._store.read_apart(lambda connection: verify_audit(connection, self._key))

    def _written(self, row: AuditRow, done: asyncio.Future[list[AuditRow]]) -> None:
        if done.cancelled() or (error := done.exception()) is not None:
            cause = "cancelled" if done.cancelled() else str(error)
            self._health.set(PART, "down", cause)
            _log.error("not written into the audit: %s", json.dumps(row.to_json(), ensure_ascii=False, default=str))
            return
        self._health.set(PART, "up")
        for listener in self.listeners:
            listener(done.result())


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[Any, Any]:
    """Return what of `before` and `after` differs; one that is None stays None, and the other stays whole."""
    if before is None or after is None:
        return before, after
    differing = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in differing}, {name: after.get(name) for name in differing}


def _without_secrets(row: AuditRow) -> AuditRow:
    return replace(
        row,
        actor=row.actor[:100],
        source=row.source[:64],
        object=_masked(row.object),
        before=_masked(row.before),
        after=_masked(row.after),
    )


def _masked(value: Any) -> Any:
    masked = _mask(value)
    if masked is not None and len(json.dumps(masked, default=str)) > _LONGEST:
        return {"left_out": f"more than {_LONGEST} characters", "members": sorted(map(str, masked))[:50]}
    return masked


def _mask(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            str(name): HIDDEN if each not in (None, "") and _SECRET.search(str(name)) else _mask(each)
            for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_mask(each) for each in value]
    return value
