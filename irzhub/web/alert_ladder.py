"""Whether an open alert can be passed on: only a ladder that climbs tells anybody more."""

from aiohttp import web

from irzhub.storage.directory import runs_of
from irzhub.storage.incidents import IncidentRow
from irzhub.web.context import context_of, desks_of
from irzhub.web.problem import Problem


async def why_nobody_climbs(request: web.Request, row: IncidentRow) -> Problem | None:
    """Return what keeps the next step of an open alert's ladders from being climbed now; None for nothing.

    Args:
        request: of whoever would pass it on.
        row: the alert; one of a common cause has the ladders of that cause.
    """
    alerts = desks_of(request).alerts
    number = alerts.incidents.root_of(row.number)
    if not alerts.outreach.escalations.is_climbing(number):
        runs = await context_of(request).store.read(lambda connection: runs_of(connection, number))
        if not runs:
            return Problem(
                409,
                "no_ladder",
                f"no ladder climbs for alert {number}: name one as recipient where this alert is told of, "
                "in a rule or in the notification settings",
            )
        ended = ", ".join(run.ladder for run in runs)
        if alerts.incidents.is_acknowledged(number):
            why = f"alert {number} is in somebody's hand, so its ladder ({ended}) stands still; take that back first"
            return Problem(409, "ladder_stands", why)
        return Problem(409, "ladder_ended", f"the ladder of alert {number} ({ended}) has told its last step")
    if alerts.incidents.is_silenced(number):
        return Problem(
            409, "silenced", f"nothing is said of alert {number} for now, so its ladder waits; let it speak again first"
        )
    return None
