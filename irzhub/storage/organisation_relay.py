"""What organisations have of their own in the relay: ports, advertised addresses, who may poll."""

from typing import Any, Final

from sqlalchemy import Connection, select

from irzhub.storage.rows import upsert
from irzhub.storage.tables_local import organisation_relay, organisations

_UPSERT: Final = upsert(organisation_relay)


def load_organisation_relay(connection: Connection) -> dict[str, dict[str, Any]]:
    """Return the settings as written, by the organisation's id."""
    return {row.organisation: row.relay for row in connection.execute(select(organisation_relay))}


def save_organisation_relay(connection: Connection, organisation: str, relay: dict[str, Any]) -> None:
    """Keep the settings of an organisation, in place of what it had."""
    connection.execute(_UPSERT, {"organisation": organisation, "relay": relay})


def has_organisation(connection: Connection, organisation: str) -> bool:
    """Say whether there is an organisation of that id."""
    return connection.scalar(select(organisations.c.id).where(organisations.c.id == organisation)) is not None
