"""`/api/v1/jobs`: work over many modems, begun by the operation that needs it; here it is watched and steered."""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from irzhub.fleet.jobs import JobConflict, Jobs, JobView, UnknownJob
from irzhub.web.audit import note_change
from irzhub.web.context import IDENTITY
from irzhub.web.fleet_view import is_visible
from irzhub.web.job_view import (
    check_all_visible,
    check_right,
    item_json,
    job_json,
    jobs_of,
    person_of,
    read_job,
    sees_job,
)
from irzhub.web.models_jobs import Job, JobItemPage, JobItemQuery, JobPage, JobQuery
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_query
from irzhub.web.route import Answer, Route

Act = Callable[[Jobs, str, str], Awaitable[JobView]]


async def list_jobs(request: web.Request) -> web.Response:
    """Answer one page of jobs, the newest first."""
    query = read_query(request, JobQuery)
    found = await jobs_of(request).page(
        status=query.status, kind=query.kind, before=query.cursor, limit=query.limit + 1
    )
    page = found[: query.limit]
    items = [job_json(view) for view in page if await sees_job(request, view)]
    return json_response({"items": items, "next": page[-1].row.id if len(found) > len(page) else None})


async def get_job(request: web.Request) -> web.Response:
    """Answer one job."""
    return json_response(job_json(await read_job(request)))


async def list_job_items(request: web.Request) -> web.Response:
    """Answer modems of a job with their results, of those that the caller may see."""
    query, view = read_query(request, JobItemQuery), await read_job(request)
    after = -1 if query.cursor is None else query.cursor
    found = await jobs_of(request).items(view.row.id, status=query.status, after=after, limit=query.limit + 1)
    page = found[: query.limit]
    items = [item_json(item) for item in page if is_visible(request, item.modem)]
    return json_response({"items": items, "next": str(page[-1].position) if len(found) > len(page) else None})


def _acting(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler that does something to a job."""

    async def handler(request: web.Request) -> web.Response:
        view = await read_job(request)
        check_right(request, view.row.kind)
        await check_all_visible(request, view)
        before = {"status": view.row.status}
        try:
            after = await act(jobs_of(request), view.row.id, person_of(request[IDENTITY]))
        except UnknownJob:
            raise Problem(404, "unknown_job", "no such job is known here") from None
        except JobConflict as error:
            raise Problem(409, "conflict", str(error)) from None
        note_change(request, before, {"status": after.row.status})
        return json_response(job_json(after))

    return handler


_ACTIONS: Final[tuple[tuple[str, str, Act], ...]] = (
    ("pause", "Begin no more modems; those under way come to their end", lambda jobs, id_, _by: jobs.pause(id_)),
    (
        "resume",
        "Go on after a pause, or after a stop in spite of the modems that were lost",
        lambda jobs, id_, _by: jobs.resume(id_),
    ),
    ("cancel", "Begin no more modems, ever", lambda jobs, id_, by: jobs.cancel(id_, by)),
    (
        "retry",
        "Do again what failed, expired or was cancelled in a job that has ended",
        lambda jobs, id_, _by: jobs.retry(id_),
    ),
    (
        "approve",
        "Let a dangerous job begin; whoever created it cannot",
        lambda jobs, id_, by: jobs.approve(id_, by),
    ),
)

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/jobs",
        name="list_jobs",
        tag="jobs",
        summary="Jobs, the newest first",
        handler=list_jobs,
        answers={200: Answer(description="One page", model=JobPage)},
        errors=(400,),
        query=JobQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/jobs/{id}",
        name="get_job",
        tag="jobs",
        summary="A job and how far it is",
        handler=get_job,
        answers={200: Answer(description="The job", model=Job)},
        errors=(404,),
    ),
    Route(
        method="GET",
        path="/api/v1/jobs/{id}/items",
        name="list_job_items",
        tag="jobs",
        summary="The modems of a job with their results",
        handler=list_job_items,
        answers={200: Answer(description="One page", model=JobItemPage)},
        errors=(400, 404),
        query=JobItemQuery,
    ),
    *(
        Route(
            method="POST",
            path=f"/api/v1/jobs/{{id}}/{name}",
            name=f"{name}_job",
            tag="jobs",
            summary=summary,
            handler=_acting(act),
            answers={200: Answer(description="The job as it is now", model=Job)},
            errors=(403, 404, 409),
        )
        for name, summary, act in _ACTIONS
    ),
)
