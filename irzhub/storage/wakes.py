"""How modems were woken: each try with its steps, what it cost, and how it ended."""

import statistics
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import wakes

_SAVE: Final = upsert(wakes)
ENDED_WITH_HUB: Final = "the hub ended meanwhile"
"""The error of a wake that did not come to its end."""
_NEWEST: Final = 1000
"""So many tries of a modem at the most make up its figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeRow:
    """One wake of one modem.

    Args:
        id: ULID. reason: `client`, or who asked. status: waking, online or failed.
        steps: `{"step", "at", "error"}` each, in order. calls, sms: what it cost.
        by: the step that worked. took_s: from the first step to the dial-in. error: why none did.
    """

    id: str
    modem: str
    reason: str
    status: str
    started_at: datetime
    steps: list[dict[str, Any]] = field(default_factory=list)
    calls: int = 0
    sms: int = 0
    finished_at: datetime | None = None
    by: str | None = None
    took_s: float | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeFigures:
    """What a modem's wakes have in common; `median_s` by the step that worked."""

    tries: int
    successes: int
    median_s: dict[str, float]


def save_wake(connection: Connection, row: WakeRow) -> None:
    """Add a wake, or replace how it stands."""
    connection.execute(_SAVE, row_values(row))


def load_wakes(connection: Connection, since: datetime) -> list[WakeRow]:
    """Return the wakes that began since a moment, from old to new."""
    statement = select(wakes).where(wakes.c.started_at >= since).order_by(wakes.c.id)
    return [WakeRow(**row) for row in connection.execute(statement).mappings()]


def list_wakes(connection: Connection, modem: str, before: str | None, limit: int) -> list[WakeRow]:
    """Return the wakes of a modem from new to old, behind the id `before`."""
    statement = select(wakes).where(wakes.c.modem == modem).order_by(wakes.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(wakes.c.id < before)
    return [WakeRow(**row) for row in connection.execute(statement).mappings()]


def wake_figures(connection: Connection, modem: str) -> WakeFigures:
    """Return the figures of a modem's latest wakes that have ended."""
    statement = (
        select(wakes.c.status, wakes.c.by, wakes.c.took_s)
        .where(wakes.c.modem == modem, wakes.c.status != "waking")
        .order_by(wakes.c.id.desc())
        .limit(_NEWEST)
    )
    times: dict[str, list[float]] = {}
    tries = successes = 0
    for status, by, took_s in connection.execute(statement):
        tries += 1
        if status == "online":
            successes += 1
            times.setdefault(by, []).append(took_s)
    median_s = {by: round(statistics.median(each), 3) for by, each in sorted(times.items())}
    return WakeFigures(tries=tries, successes=successes, median_s=median_s)


def end_living_wakes(connection: Connection, now: datetime) -> None:
    """End what was under way when the hub ended, or when a backup was made."""
    connection.execute(
        update(wakes).where(wakes.c.status == "waking").values(status="failed", finished_at=now, error=ENDED_WITH_HUB)
    )


def delete_wakes(connection: Connection, modem: str) -> None:
    """Forget the wakes of a modem."""
    connection.execute(delete(wakes).where(wakes.c.modem == modem))


def purge_wakes(connection: Connection, before: datetime, limit: int) -> int:
    """Remove at most `limit` wakes that began before a moment; return how many went."""
    old = select(wakes.c.id).where(wakes.c.started_at < before).limit(limit)
    return connection.execute(delete(wakes).where(wakes.c.id.in_(old))).rowcount
