"""One file for each kind of resource; here all of them together."""

from typing import Final

from irzhub.web.route import Route
from irzhub.web.routes import (
    audit,
    command_templates,
    commands,
    events,
    health,
    meters,
    jobs,
    metrics,
    modems,
    openapi,
    organisations,
    readings,
    second_factor,
    session,
    setup,
    sign_ins,
    status,
    tokens,
    traffic,
    users,
)

ALL_ROUTES: Final[tuple[Route, ...]] = (
    *status.ROUTES,
    *health.ROUTES,
    *metrics.ROUTES,
    *openapi.ROUTES,
    *modems.ROUTES,
    *commands.ROUTES,
    *command_templates.ROUTES,
    *jobs.ROUTES,
    *traffic.ROUTES,
    *events.ROUTES,
    *setup.ROUTES,
    *session.ROUTES,
    *second_factor.ROUTES,
    *sign_ins.ROUTES,
    *users.ROUTES,
    *tokens.ROUTES,
    *organisations.ROUTES,
    *audit.ROUTES,
    *meters.ROUTES,
    *readings.ROUTES,
)
"""Every address of the server."""
