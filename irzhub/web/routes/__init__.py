"""One file for each kind of resource; here all of them together."""

from typing import Final

from irzhub.web.route import Route
from irzhub.web.routes import commands, events, health, metrics, modems, openapi, status, traffic

ALL_ROUTES: Final[tuple[Route, ...]] = (
    *status.ROUTES,
    *health.ROUTES,
    *metrics.ROUTES,
    *openapi.ROUTES,
    *modems.ROUTES,
    *commands.ROUTES,
    *traffic.ROUTES,
    *events.ROUTES,
)
"""Every address of the server."""
