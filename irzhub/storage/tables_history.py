"""The tables of the history database: SQLite, MySQL or MariaDB (ARCHITECTURE D3). Every row says whose hub's it is."""

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, MetaData, SmallInteger, String, Table

from irzhub.storage.poll_columns import poll_columns
from irzhub.storage.tables_alerts import incident_columns
from irzhub.storage.types import NAMING, Ident, JsonText, UtcDateTime

metadata: Final = MetaData(naming_convention=NAMING)

_SERVER: Final[dict[str, Any]] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}
"""Said for each table: an administrator may have made the database with another character set."""

hubs: Final = Table(
    "hubs",
    metadata,
    Column("hub", Ident(40), primary_key=True),
    Column("instance", Ident(26), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    **_SERVER,
)

modems: Final = Table(
    "modems",
    metadata,
    Column("hub", Ident(40), primary_key=True),
    Column("modem", Ident(40), primary_key=True),
    Column("imei", Ident(40), nullable=False, index=True),
    Column("channel", Integer),
    Column("driver", String(20), nullable=False),
    Column("host", String(64), nullable=False),
    Column("port", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("group", String(200), nullable=False),
    Column("comment", String(2000), nullable=False),
    Column("password", String(200)),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("overrides", JsonText, nullable=False),
    Column("inputs", JsonText, nullable=False),
    Column("state", String(20)),
    Column("address", String(200)),
    Column("model", String(100)),
    Column("firmware", String(100)),
    Column("peer", String(64)),
    Column("sim", SmallInteger),
    Column("csq", SmallInteger),
    Column("rssi_dbm", SmallInteger),
    Column("iccid", String(32)),
    Column("temperature_c", SmallInteger),
    Column("cell", String(100)),
    Column("clients", Integer),
    Column("gpi", JsonText),
    Column("gpo", JsonText),
    Column("rx_bytes", BigInteger),
    Column("tx_bytes", BigInteger),
    Column("last_seen", UtcDateTime),
    Column("observed_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("organisation", String(64), nullable=False, server_default=""),
    Column("site", String(64), nullable=False, server_default=""),
    Column("phone_sim1", String(20), nullable=False, server_default=""),
    Column("phone_sim2", String(20), nullable=False, server_default=""),
    **_SERVER,
)

events: Final = Table(
    "events",
    metadata,
    Column("id", Ident(26), primary_key=True),
    Column("hub", Ident(40), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("ts", UtcDateTime, nullable=False),
    Column("type", String(40), nullable=False),
    Column("modem", Ident(40)),
    Column("data", JsonText, nullable=False),
    Index(None, "hub", "ts"),
    Index(None, "hub", "seq", "modem", "type"),
    Index(None, "hub", "modem", "seq", "type"),
    Index(None, "hub", "type", "seq", "modem"),
    **_SERVER,
)

sessions: Final = Table(
    "sessions",
    metadata,
    Column("hub", Ident(40), primary_key=True),
    Column("session", Ident(64), primary_key=True),
    Column("modem", Ident(40), nullable=False),
    Column("peer", String(64)),
    Column("model", String(100)),
    Column("firmware", String(100)),
    Column("sim", SmallInteger),
    Column("csq", SmallInteger),
    Column("woken_by", String(40)),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("is_open", Boolean, nullable=False),
    Column("reason", String(20)),
    Column("detail", String(500)),
    Column("lasted_s", Double),
    Column("rx_bytes", BigInteger),
    Column("tx_bytes", BigInteger),
    Index(None, "hub", "modem", "opened_at"),
    Index(None, "hub", "is_open", "modem"),
    Index(None, "hub", "opened_at"),
    **_SERVER,
)

series: Final = Table(
    "series",
    metadata,
    Column("hub", Ident(40), primary_key=True),
    Column("modem", Ident(40), primary_key=True),
    Column("slot_s", Integer, primary_key=True, autoincrement=False),
    Column("start", UtcDateTime, primary_key=True),
    Column("csq_min", SmallInteger),
    Column("csq_max", SmallInteger),
    Column("csq_sum", Integer, nullable=False),
    Column("csq_count", Integer, nullable=False),
    Column("csq_last", SmallInteger),
    Column("temperature_min", SmallInteger),
    Column("temperature_max", SmallInteger),
    Column("temperature_sum", Integer, nullable=False),
    Column("temperature_count", Integer, nullable=False),
    Column("temperature_last", SmallInteger),
    Column("rx_bytes", BigInteger, nullable=False),
    Column("tx_bytes", BigInteger, nullable=False),
    Index(None, "hub", "slot_s", "start"),
    **_SERVER,
)

audit: Final = Table(
    "audit",
    metadata,
    Column("hub", Ident(40), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("ts", UtcDateTime, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("role", String(20), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("source", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("modem", Ident(40)),
    Column("object", JsonText, nullable=False),
    Column("result", String(20), nullable=False),
    Column("status", Integer),
    Column("before", JsonText),
    Column("after", JsonText),
    Column("request_id", Ident(32)),
    Column("previous", Ident(64), nullable=False),
    Column("hash", Ident(64), nullable=False),
    Index(None, "hub", "ts"),
    **_SERVER,
)

polls: Final = Table(
    "polls",
    metadata,
    Column("hub", Ident(40), primary_key=True),
    Column("day", Ident(10), primary_key=True),
    Column("modem", Ident(40), primary_key=True),
    Column("address", Ident(40), primary_key=True),
    Column("program", Ident(64), primary_key=True),
    *poll_columns(),
    **_SERVER,
)

incidents: Final = Table(
    "incidents",
    metadata,
    Column("hub", Ident(40), primary_key=True),
    *incident_columns(),
    Column("revision", BigInteger, nullable=False),
    Index(None, "hub", "revision"),
    Index(None, "hub", "modem", "number"),
    **_SERVER,
)
