"""`/api/v1/audit`: who did what, when, from where."""

from typing import Final

from aiohttp import web
from pydantic import AwareDatetime, ConfigDict, Field

from irzhub.storage.audit import AuditFilter, find_audit
from irzhub.web.context import IDENTITY, context_of
from irzhub.web.models import Closed
from irzhub.web.models_accounts import AuditPage, AuditVerdict
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_query
from irzhub.web.route import Answer, Route


class AuditQuery(Closed):
    """Which entries are asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    limit: int = Field(default=100, ge=1, le=1000)
    cursor: int | None = Field(default=None, ge=1, le=2**62, description="the `next` of the page before")
    actor: str | None = Field(default=None, max_length=100)
    action: str | None = Field(default=None, max_length=64)
    modem: str | None = Field(default=None, max_length=40)
    result: str | None = Field(default=None, max_length=20, description="ok, refused or failed")
    since: AwareDatetime | None = Field(default=None, description="from this moment on")
    until: AwareDatetime | None = Field(default=None, description="before this moment")


async def list_audit(request: web.Request) -> web.Response:
    """Answer entries from new to old; who sees one organisation sees what its people did."""
    query, scope = read_query(request, AuditQuery), request[IDENTITY].scope
    if scope.groups is not None:
        raise Problem(403, "forbidden", "the audit is for who sees a whole organisation, or the whole hub")
    wanted = AuditFilter(
        before_seq=query.cursor,
        actor=query.actor,
        action=query.action,
        modem=query.modem,
        result=query.result,
        since=query.since,
        until=query.until,
        organisations=scope.organisations,
    )
    rows = await context_of(request).store.read(lambda connection: find_audit(connection, wanted, query.limit + 1))
    page = rows[: query.limit]
    following = str(page[-1].seq) if len(rows) > len(page) else None
    return json_response({"items": [row.to_json() for row in page], "next": following})


async def verify_audit(request: web.Request) -> web.Response:
    """Look over the whole chain and answer whether a row was changed, removed or moved."""
    if not request[IDENTITY].scope.is_whole:
        raise Problem(403, "forbidden", "the whole audit is looked over by who sees the whole hub")
    found = await context_of(request).audit.verify()
    verdict = {"is_whole": found.fault is None, "rows": found.rows, "first": found.first, "last": found.last}
    return json_response({**verdict, "fault": found.fault})


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/audit",
        name="list_audit",
        tag="audit",
        summary="Who did what, when, from where: from new to old",
        handler=list_audit,
        answers={200: Answer(description="One page", model=AuditPage)},
        errors=(400,),
        query=AuditQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/audit/verdict",
        name="verify_audit",
        tag="audit",
        summary="Whether the chain of the audit is whole: no row was changed, removed or moved",
        handler=verify_audit,
        answers={200: Answer(description="What was found", model=AuditVerdict)},
    ),
)
