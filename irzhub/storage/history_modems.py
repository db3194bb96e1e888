"""The fleet as the history database shows it: kept current, and enough to rebuild the registry from (D3)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from irzhub.core.clock import format_time
from irzhub.core.state import Levels, ModemState
from irzhub.storage.history_events import last_seq
from irzhub.storage.history_rows import upsert_rows
from irzhub.storage.inputs import InputRow
from irzhub.storage.modems import ModemRow
from irzhub.storage.tables_history import modems

_REGISTRY: Final = (
    "modem",
    "imei",
    "channel",
    "driver",
    "host",
    "port",
    "name",
    "group",
    "comment",
    "password",
    "registered_at",
    "overrides",
    "organisation",
    "site",
    "phone_sim1",
    "phone_sim2",
)
_SNAPSHOT: Final = ("model", "firmware", "peer", "sim", "csq", "iccid", "temperature_c", "cell", "rx_bytes", "tx_bytes")
_LIVE: Final = (*_SNAPSHOT, "address", "clients", "last_seen", "observed_at")


@dataclass(frozen=True, slots=True)
class StoredRegistry:
    """What a fresh `data_dir` needs to go on as the same hub: `last_seq` is the highest number ever recorded."""

    modems: list[ModemRow]
    inputs: list[InputRow]
    last_seq: int


def modem_values(
    hub: str, row: ModemRow, inputs: Sequence[InputRow], state: ModemState | None, at: datetime
) -> dict[str, Any]:
    """Return one modem as a row of the history database: its registry part and its live part."""
    return {
        "hub": hub,
        "modem": row.modem,
        "imei": row.imei,
        "channel": row.channel,
        "driver": row.driver,
        "host": row.host,
        "port": row.port,
        "name": row.name,
        "group": row.group,
        "comment": row.comment,
        "password": row.password,
        "registered_at": row.registered_at,
        "overrides": row.overrides,
        "organisation": row.organisation,
        "site": row.site,
        "phone_sim1": row.phone_sim1,
        "phone_sim2": row.phone_sim2,
        "inputs": [{name: value for name, value in asdict(each).items() if name != "modem"} for each in inputs],
        **_live(state),
        "updated_at": at,
    }


def upsert_modems(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write modems as `modem_values` made them, adding or replacing."""
    upsert_rows(connection, modems, rows)


def delete_modems(connection: Connection, hub: str, ids: Sequence[str]) -> None:
    """Remove modems that were deleted from the hub."""
    if ids:
        connection.execute(delete(modems).where(modems.c.hub == hub, modems.c.modem.in_(ids)))


def load_registry(connection: Connection, hub: str) -> StoredRegistry:
    """Return the registry of a hub as it was last recorded."""
    found = connection.execute(select(modems).where(modems.c.hub == hub).order_by(modems.c.modem)).mappings().all()
    return StoredRegistry(
        modems=[ModemRow(**{name: row[name] for name in _REGISTRY}, snapshot=_snapshot(row)) for row in found],
        inputs=[InputRow(modem=row["modem"], **each) for row in found for each in row["inputs"]],
        last_seq=last_seq(connection, hub),
    )


def _live(state: ModemState | None) -> dict[str, Any]:
    if state is None:
        return dict.fromkeys(("state", "rssi_dbm", "gpi", "gpo", *_LIVE))
    return {name: getattr(state, name) for name in _LIVE} | {
        "state": state.link,
        "rssi_dbm": state.rssi_dbm,
        "gpi": _levels(state.gpi),
        "gpo": _levels(state.gpo),
    }


def _snapshot(row: Any) -> dict[str, Any]:
    """Return the last known values in the form in which the registry keeps them."""
    values = {name: row[name] for name in _SNAPSHOT if row[name] is not None}
    return values | {name: format_time(row[name]) for name in ("last_seen", "observed_at") if row[name] is not None}


def _levels(levels: Levels) -> dict[str, str | None]:
    return {str(pin): level for pin, level in levels.items()}
