"""The audit of requests: one row for each that may change something; handlers add what was and what is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from irzhub.audit.trail import changes
from irzhub.storage.audit import AuditRow
from irzhub.web.context import IDENTITY, REQUEST_ID, context_of, source_of
from irzhub.web.identity import Identity
from irzhub.web.permissions import ROUTES, Right
from irzhub.web.problem import Problem
from irzhub.web.route import Handler

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_MALFORMED: Final = frozenset({400, 404, 405, 408, 413, 415, 417, 422, 428})
"""Nothing was done, and nobody was refused a thing that exists: no row."""
_READS: Final = frozenset({Right.SEE_TRAFFIC, Right.USE_TERMINAL})
"""What is noted though it only reads: data that leaves the hub."""
_STRANGERS: Final = frozenset({"sign_in", "set_up", "send_setup_form"})
"""Routes whose refusals are noted though nobody is known: tries to come in."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a request changed, as JSON values; None where there was nothing, or is nothing any more."""

    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


ACTION: Final = web.AppKey("action", dict[tuple[str, str], str])
"""Name of the operation by method and path."""
CHANGE: Final = web.RequestKey("change", Change)
OBJECT: Final = web.RequestKey("object", dict[str, Any])
NOTED: Final = web.RequestKey("noted", bool)
"""Set where one row stands for a look that goes on over many requests."""


def note_change(request: web.Request, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
    """Note what a request changed, for its row in the audit; the last call counts.

    Only members that differ are kept. Secrets are hidden by their names, but better not given at all.

    Args:
        request: the request that changes something.
        before: what was, None for what is new.
        after: what is, None for what was removed.
    """
    request[CHANGE] = Change(before, after)


def note_object(request: web.Request, **names: Any) -> None:
    """Note what a request is about, besides what its path says."""
    request[OBJECT] = {**request.get(OBJECT, {}), **names}


def note_nothing(request: web.Request) -> None:
    """Leave no row: this request goes on with what a row was written of a short while ago."""
    request[NOTED] = True


@web.middleware
async def audited(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Write the row of a request once it is known how it ended, before its answer leaves."""
    try:
        response = await handler(request)
    except (Problem, web.HTTPException) as error:
        await _record(request, error.status)
        raise
    except BaseException:
        # Perhaps the request's own deadline: nothing may be waited for here.
        if (row := _row(request, 500)) is not None:
            context_of(request).audit.note(row)
        raise
    await _record(request, response.status)
    return response


async def _record(request: web.Request, status: int) -> None:
    if (row := _row(request, status)) is not None:
        await context_of(request).audit.record(row)


def _row(request: web.Request, status: int) -> AuditRow | None:
    """Return the row of a request that ended with `status`, None when it needs none."""
    resource = request.match_info.route.resource
    key = ("GET" if request.method == "HEAD" else request.method, "" if resource is None else resource.canonical)
    action, identity = request.app[ACTION].get(key), request.get(IDENTITY)
    if action is None or (request.method in _SAFE and ROUTES.get(key) not in _READS):
        return None
    if NOTED in request and status < 400:
        return None
    if status in _MALFORMED or (identity is None and action not in _STRANGERS):
        return None
    change = request.get(CHANGE)
    before, after = (None, None) if change is None else changes(change.before, change.after)
    return AuditRow(
        ts=context_of(request).clock.now(),
        actor="" if identity is None else identity.name,
        role="" if identity is None else identity.role,
        organisation=_organisation(identity),
        source=source_of(request),
        action=action,
        modem=request.match_info.get("modem"),
        object={**request.match_info, **request.get(OBJECT, {})},
        result="ok" if status < 400 else "failed" if status >= 500 else "refused",
        status=status,
        before=before,
        after=after,
        request_id=request.get(REQUEST_ID),
    )


def _organisation(identity: Identity | None) -> str:
    """Return the caller's organisation, empty for one of several or of none."""
    organisations = None if identity is None else identity.scope.organisations
    return next(iter(organisations)) if organisations is not None and len(organisations) == 1 else ""
