"""Jobs as a caller may see them: one whose modems the caller does not see at all does not exist for the caller."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from irzhub.core.clock import format_time
from irzhub.core.groups import is_within
from irzhub.fleet.jobs import JobRefused, Jobs, JobView, NewJob
from irzhub.storage.jobs import JobItemRow
from irzhub.web.context import IDENTITY, desks_of
from irzhub.web.fleet_view import is_visible, visible_modems
from irzhub.web.identity import Identity
from irzhub.web.models_commands import Target
from irzhub.web.paging import read_filter
from irzhub.web.permissions import Right
from irzhub.web.problem import FieldError, Problem

RIGHTS: Final[Mapping[str, Right]] = {
    "command": Right.SEND_COMMANDS,
    "settings": Right.MODEM_SETTINGS,
    "firmware": Right.FIRMWARE,
    "wake": Right.SEND_COMMANDS,
}
"""What each kind of job asks besides the right to manage jobs; a kind that is not here asks for settings."""


def jobs_of(request: web.Request) -> Jobs:
    """Return the engine behind the routes."""
    return desks_of(request).orders.jobs


def person_of(identity: Identity) -> str:
    """Return who acts: a user and the user's own tokens are one person, who cannot approve what is the person's own."""
    return identity.name.partition("/")[0]


def find_target(request: web.Request, target: Target) -> tuple[str, ...]:
    """Return the ids of the modems that a target means, of those that the caller may see.

    Raises:
        Problem: 422 there is none, or a named one is unknown; 400 the filter cannot be read.
    """
    seen = [state for state in visible_modems(request) if state.link != "quarantined"]
    if target.modems is not None:
        known = {state.modem for state in seen}
        if unknown := [modem for modem in target.modems if modem not in known]:
            raise _no_target("modems", f"no such modem is known here: {', '.join(unknown[:5])}")
        return tuple(dict.fromkeys(target.modems))
    if target.group is not None:
        found = tuple(state.modem for state in seen if is_within(state.group, target.group))
        if not found:
            raise _no_target("group", "no modem is in this group")
        return found
    test = read_filter(target.filter)
    if not (found := tuple(state.modem for state in seen if test(state))):
        raise _no_target("filter", "no modem matches")
    return found


async def begin_job(
    request: web.Request,
    kind: str,
    target: Target,
    args: dict[str, Any],
    expires_in_s: float,
    item_args: Mapping[str, dict[str, Any]] | None = None,
) -> JobView:
    """Begin a job over the modems of a target, in the caller's name; `item_args` are those of single modems.

    Raises:
        Problem: 403 the caller lacks the kind's right, 422 the kind does not take it.
    """
    check_right(request, kind)
    new = NewJob(
        kind=kind,
        modems=find_target(request, target),
        args=args,
        item_args=item_args or {},
        target=target.model_dump(exclude_none=True),
        expires_in_s=expires_in_s,
        created_by=person_of(request[IDENTITY]),
    )
    try:
        return await jobs_of(request).create(new)
    except JobRefused as error:
        raise Problem(422, "job_refused", str(error)) from None


def check_right(request: web.Request, kind: str) -> None:
    """Refuse who may not do to one modem what a job does to many.

    Raises:
        Problem: 403.
    """
    identity = request[IDENTITY]
    if not identity.may(RIGHTS.get(kind, Right.MODEM_SETTINGS)):
        raise Problem(403, "forbidden", f"{identity.name} ({identity.role}) has no right to jobs of kind {kind}")


async def read_job(request: web.Request) -> JobView:
    """Return the job that the path names.

    Raises:
        Problem: 404, nobody knows it, or the caller sees none of its modems.
    """
    view = await jobs_of(request).get(request.match_info["id"])
    if view is None or not await sees_job(request, view):
        raise Problem(404, "unknown_job", "no such job is known here")
    return view


async def sees_job(request: web.Request, view: JobView) -> bool:
    """Say whether the caller sees a job: one of the caller's own, or with a modem that the caller sees."""
    identity = request[IDENTITY]
    if identity.scope.is_whole or view.row.created_by == person_of(identity):
        return True
    return any(is_visible(request, modem) for modem in await jobs_of(request).modems(view.row.id))


async def check_all_visible(request: web.Request, view: JobView) -> None:
    """Refuse to act on a job with modems that the caller does not see.

    Raises:
        Problem: 403.
    """
    if request[IDENTITY].scope.is_whole:
        return
    modems = await jobs_of(request).modems(view.row.id)
    if not all(is_visible(request, modem) for modem in modems):
        raise Problem(403, "forbidden", "some modems of this job are not yours")


def job_json(view: JobView) -> dict[str, Any]:
    """Return the job object of REST."""
    row = view.row
    times = ("created_at", "expires_at", "approved_at", "started_at", "step_ended_at", "finished_at")
    return {
        "id": row.id,
        "kind": row.kind,
        "target": row.target,
        "args": view.shown_args,
        "status": row.status,
        "dangerous": row.is_dangerous,
        "steps": row.steps,
        "step": row.step + 1,
        "total": row.total,
        "ended": view.ended,
        "counts": view.counts,
        "created_by": row.created_by,
        "approved_by": row.approved_by,
        "reason": row.reason,
        **{name: None if (moment := getattr(row, name)) is None else format_time(moment) for name in times},
    }


def item_json(item: JobItemRow) -> dict[str, Any]:
    """Return one modem of a job as REST shows it."""
    return {
        "modem": item.modem,
        "status": item.status,
        "step": None if item.step is None or item.step < 0 else item.step + 1,
        "attempt": item.attempt,
        "result": item.result,
        "error": item.error,
        "returned": item.has_returned,
        "started_at": None if item.started_at is None else format_time(item.started_at),
        "finished_at": None if item.finished_at is None else format_time(item.finished_at),
    }


def _no_target(field: str, message: str) -> Problem:
    return Problem(422, "no_target", message, errors=(FieldError(f"target.{field}", message),))
