"""Who may do what: one table of roles, one of routes. A route that is not in the table cannot be served."""

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


class Right(enum.Enum):
    """What a route asks of its caller. `OPEN` asks nothing, `METRICS` nothing of a caller on this machine."""

    OPEN = "open"
    METRICS = "metrics.read"
    READ_MODEMS = "modems.read"
    EDIT_MODEMS = "modems.edit"
    READ_EVENTS = "events.read"
    READ_COMMANDS = "commands.read"
    SEND_COMMANDS = "commands.send"
    SEND_RAW = "commands.send_raw"
    SEE_TRAFFIC = "traffic.read"


_SEE: Final = frozenset({Right.METRICS, Right.READ_MODEMS, Right.READ_EVENTS, Right.READ_COMMANDS})
_OPERATE: Final = _SEE | {Right.SEND_COMMANDS}
_ENGINEER: Final = _OPERATE | {Right.EDIT_MODEMS, Right.SEND_RAW, Right.SEE_TRAFFIC}

ROLES: Final[Mapping[str, frozenset[Right]]] = MappingProxyType(
    {
        "viewer": _SEE,
        "operator": _OPERATE,
        "engineer": _ENGINEER,
        "admin": frozenset(Right) - {Right.OPEN},
        "auditor": _SEE,
    }
)
"""The rights of each role. An unknown role has none."""

ROUTES: Final[Mapping[tuple[str, str], Right]] = MappingProxyType(
    {
        ("GET", "/"): Right.OPEN,
        ("GET", "/healthz"): Right.OPEN,
        ("GET", "/readyz"): Right.OPEN,
        ("GET", "/metrics"): Right.METRICS,
        ("GET", "/api/v1/openapi.json"): Right.OPEN,
        ("GET", "/api/v1/modems"): Right.READ_MODEMS,
        ("GET", "/api/v1/modems/{modem}"): Right.READ_MODEMS,
        ("PATCH", "/api/v1/modems/{modem}"): Right.EDIT_MODEMS,
        ("POST", "/api/v1/modems/{modem}/commands"): Right.SEND_COMMANDS,
        ("GET", "/api/v1/modems/{modem}/traffic_record"): Right.SEE_TRAFFIC,
        ("GET", "/api/v1/commands/{id}"): Right.READ_COMMANDS,
        ("GET", "/api/v1/events"): Right.READ_EVENTS,
    }
)
"""What each route asks, by method and path; HEAD asks what GET asks."""


def may(role: str, right: Right) -> bool:
    """Say whether a role has a right."""
    return right is Right.OPEN or right in ROLES.get(role, frozenset())
