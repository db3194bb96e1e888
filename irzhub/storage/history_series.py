"""Signal, temperature and traffic of each modem over time: slots of ten minutes, rolled up to hours and days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, delete, func, literal, select
from sqlalchemy.dialects import mysql, sqlite

from irzhub.storage.history_rows import upsert_rows
from irzhub.storage.rows import row_values
from irzhub.storage.tables_history import series

SLOT_S: Final = 600
HOUR_S: Final = 3600
DAY_S: Final = 86400
_VALUES: Final = ("csq", "temperature")


@dataclass(slots=True)
class SlotRow:
    """What one modem's values did from `start` for `slot_s` seconds; the average is sum by count."""

    hub: str
    modem: str
    slot_s: int
    start: datetime
    csq_min: int | None = None
    csq_max: int | None = None
    csq_sum: int = 0
    csq_count: int = 0
    csq_last: int | None = None
    temperature_min: int | None = None
    temperature_max: int | None = None
    temperature_sum: int = 0
    temperature_count: int = 0
    temperature_last: int | None = None
    rx_bytes: int = 0
    tx_bytes: int = 0


def upsert_slots(connection: Connection, slots: Sequence[SlotRow]) -> None:
    """Write slots, in place of what was stored for them."""
    upsert_rows(connection, series, [row_values(slot) for slot in slots])


def load_slots(connection: Connection, hub: str, slot_s: int, start: datetime) -> list[SlotRow]:
    """Return all modems' slots that begin at `start`."""
    found = connection.execute(
        select(series).where(series.c.hub == hub, series.c.slot_s == slot_s, series.c.start == start)
    )
    return [SlotRow(**row) for row in found.mappings()]


def read_series(
    connection: Connection, hub: str, modem: str, slot_s: int, since: datetime, until: datetime
) -> list[SlotRow]:
    """Return one modem's slots of a length with `since <= start < until`, in order."""
    found = connection.execute(
        select(series)
        .where(series.c.hub == hub, series.c.modem == modem, series.c.slot_s == slot_s)
        .where(series.c.start >= since, series.c.start < until)
        .order_by(series.c.start)
    )
    return [SlotRow(**row) for row in found.mappings()]


def roll_up(connection: Connection, hub: str, slot_s: int, into_s: int, start: datetime) -> None:
    """Sum the slots of `slot_s` within one longer slot that begins at `start`, for all modems, in the server.

    Doing it again gives the same rows, so a period may be rolled up before it is over, and after late values.
    """
    summed = _summed(hub, slot_s, into_s, start)
    names = list(SlotRow.__dataclass_fields__)
    key = {column.name for column in series.primary_key}
    changed = [name for name in names if name not in key]
    if connection.dialect.name == "sqlite":
        file = sqlite.insert(series).from_select(names, summed)
        connection.execute(
            file.on_conflict_do_update(index_elements=sorted(key), set_={name: file.excluded[name] for name in changed})
        )
    else:
        server = mysql.insert(series).from_select(names, select(summed.subquery("summed")))
        connection.execute(server.on_duplicate_key_update({name: func.values(series.c[name]) for name in changed}))


def purge_slots(connection: Connection, hub: str, slot_s: int, before: datetime, limit: int) -> int:
    """Remove at most about `limit` slots of a length that began before `before`; return how many went."""
    mine = and_(series.c.hub == hub, series.c.slot_s == slot_s, series.c.start < before)
    oldest = connection.scalars(select(series.c.start).where(mine).order_by(series.c.start).limit(1)).first()
    if oldest is None:
        return 0
    modems = connection.scalars(select(series.c.modem).where(mine, series.c.start == oldest).limit(limit)).all()
    connection.execute(
        delete(series).where(
            series.c.hub == hub, series.c.slot_s == slot_s, series.c.start == oldest, series.c.modem.in_(modems)
        )
    )
    return len(modems)


def _summed(hub: str, slot_s: int, into_s: int, start: datetime) -> Select[Any]:
    parts = series.alias("parts")
    within = and_(
        parts.c.hub == hub,
        parts.c.slot_s == slot_s,
        parts.c.start >= start,
        parts.c.start < start + timedelta(seconds=into_s),
    )
    columns: list[Any] = [
        literal(hub).label("hub"),
        parts.c.modem,
        literal(into_s).label("slot_s"),
        literal(start, series.c.start.type).label("start"),
    ]
    for value in _VALUES:
        later = series.alias(f"later_{value}")
        last = (
            select(later.c[f"{value}_last"])
            .where(later.c.hub == hub, later.c.modem == parts.c.modem, later.c.slot_s == slot_s)
            .where(later.c.start >= start, later.c.start < start + timedelta(seconds=into_s))
            .where(later.c[f"{value}_last"].is_not(None))
            .order_by(later.c.start.desc())
            .limit(1)
            .correlate(parts)
            .scalar_subquery()
        )
        columns += [
            func.min(parts.c[f"{value}_min"]).label(f"{value}_min"),
            func.max(parts.c[f"{value}_max"]).label(f"{value}_max"),
            func.sum(parts.c[f"{value}_sum"]).label(f"{value}_sum"),
            func.sum(parts.c[f"{value}_count"]).label(f"{value}_count"),
            last.label(f"{value}_last"),
        ]
    columns += [func.sum(parts.c[name]).label(name) for name in ("rx_bytes", "tx_bytes")]
    return select(*columns).where(within).group_by(parts.c.modem)
