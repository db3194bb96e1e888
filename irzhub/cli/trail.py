"""What the command line changes of accounts stands in the audit too, in the same transaction."""

import getpass
from typing import TYPE_CHECKING, Any

from irzhub.config.settings import Settings
from irzhub.core.clock import SystemClock

if TYPE_CHECKING:  # the storage is loaded by the commands that need it
    from irzhub.storage.local import Connection


def note(connection: "Connection", settings: Settings, action: str, names: dict[str, Any], **change: Any) -> None:
    """Add a row: who of this machine did what to whom; `change` is `before` and `after`, without secrets."""
    from irzhub.storage.audit import AuditRow, append_audit

    row = AuditRow(
        ts=SystemClock().now(), actor=f"cli:{_user()}"[:100], action=action, source="console", object=names, **change
    )
    append_audit(connection, [row], None if settings.audit.key is None else settings.audit.key.encode())


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "unknown"
