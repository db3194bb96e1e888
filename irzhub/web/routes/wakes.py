"""Waking modems: one by hand, many as a job, and what is known of earlier wakes."""

from typing import Any, Final

from aiohttp import web

from irzhub.core.clock import format_time
from irzhub.fleet.wake_job import WAKE_JOB
from irzhub.fleet.wake_plan import WakeRefused
from irzhub.storage.wakes import WakeRow
from irzhub.web.audit import note_change
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.fleet_view import is_visible, read_modem
from irzhub.web.job_view import begin_job, job_json
from irzhub.web.models_jobs import Job
from irzhub.web.models_wakes import BulkWakeRequest, Wake, WakeList, WakePage, WakeQuery, WakeState
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route
from irzhub.web.said import said_json


async def wake_modem(request: web.Request) -> web.Response:
    """Begin to wake a modem, or join the wake that is under way: 202 with it."""
    modem = read_modem(request).modem
    try:
        wake = desks_of(request).wakes.begin(modem, request[IDENTITY].origin)
    except WakeRefused as error:
        raise Problem(409, "not_woken", str(error)) from None
    note_change(request, None, {"wake": wake.row.id, "steps": [step.name for step in wake.climb.steps]})
    return json_response(wake_json(wake.row), status=202, headers={"Location": f"/api/v1/modems/{modem}/wake"})


async def wake_modems(request: web.Request) -> web.Response:
    """Begin a job that wakes many modems, a few at a time: 202 with the job."""
    wanted = await read_body(request, BulkWakeRequest)
    view = await begin_job(request, WAKE_JOB, wanted.target, {}, wanted.expires_in)
    note_change(request, None, {"target": view.row.target, "job": view.row.id, "modems": view.row.total})
    return json_response(job_json(view), status=202, headers={"Location": f"/api/v1/jobs/{view.row.id}"})


async def get_wake(request: web.Request) -> web.Response:
    """Answer whether a modem can be woken, and how that went before."""
    modem, desk, now = read_modem(request).modem, desks_of(request).wakes, context_of(request).clock.now()
    ladder, figures, resumes_at = desk.ladder(modem), await desk.figures(modem), desk.resumes_at(modem)
    current, spent = desk.current(modem), desk.budget.spent(modem, now)
    ended = [row for row in await desk.page(modem, None, 2) if row.status != "waking"]
    return json_response(
        {
            "modem": modem,
            "why_not": desk.why_not(modem),
            "steps": list(ladder.steps),
            "hold_s": ladder.hold_s,
            "resumes_at": None if resumes_at is None else format_time(resumes_at),
            "today": {"calls": spent["call"], "sms": spent["sms"]},
            "limit": {"calls": ladder.calls_per_day, "sms": ladder.sms_per_day},
            "tries": figures.tries,
            "successes": figures.successes,
            "success_ratio": round(figures.successes / figures.tries, 4) if figures.tries else None,
            "median_s": figures.median_s,
            "current": None if current is None else wake_json(current.row),
            "last": wake_json(ended[0]) if ended else None,
        }
    )


async def list_modem_wakes(request: web.Request) -> web.Response:
    """Answer one page of a modem's wakes, the newest first."""
    modem, query = read_modem(request).modem, read_query(request, WakeQuery)
    rows = await desks_of(request).wakes.page(modem, query.cursor, query.limit + 1)
    page = rows[: query.limit]
    following = page[-1].id if len(rows) > len(page) else None
    return json_response({"items": [wake_json(row) for row in page], "next": following})


async def list_wakes(request: web.Request) -> web.Response:
    """Answer which modems are being woken now, and what is left of the day's budget."""
    desk = desks_of(request).wakes
    left = desk.left()
    items = [wake_json(wake.row) for wake in desk.under_way() if is_visible(request, wake.modem)]
    return json_response({"items": items, "left": {"calls": left["call"], "sms": left["sms"]}})


def wake_json(row: WakeRow) -> dict[str, Any]:
    """Return the wake object of REST."""
    return {
        "id": row.id,
        "modem": row.modem,
        "reason": row.reason,
        "status": row.status,
        "steps": row.steps,
        "calls": row.calls,
        "sms": row.sms,
        "started_at": format_time(row.started_at),
        "finished_at": None if row.finished_at is None else format_time(row.finished_at),
        "by": row.by,
        "took_s": row.took_s,
        "error": row.error,
        "error_said": said_json(row.error),
    }


_PATH: Final = "/api/v1/modems/{modem}"

ROUTES: Final = (
    Route(
        method="POST",
        path=f"{_PATH}/wake",
        name="wake_modem",
        tag="waking",
        summary="Call a sleeping modem in by call or SMS; joins a wake that is under way",
        handler=wake_modem,
        answers={202: Answer(description="Begun", model=Wake, headers={"Location": "where to watch it"})},
        errors=(404, 409),
    ),
    Route(
        method="GET",
        path=f"{_PATH}/wake",
        name="get_wake",
        tag="waking",
        summary="Whether a modem can be woken, how often that worked and how long it took",
        handler=get_wake,
        answers={200: Answer(description="How it stands", model=WakeState)},
        errors=(404,),
    ),
    Route(
        method="GET",
        path=f"{_PATH}/wakes",
        name="list_modem_wakes",
        tag="waking",
        summary="The wakes of a modem, the newest first",
        handler=list_modem_wakes,
        answers={200: Answer(description="One page", model=WakePage)},
        errors=(400, 404),
        query=WakeQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/wakes",
        name="list_wakes",
        tag="waking",
        summary="The modems that are being woken now, and what the hub may still spend today",
        handler=list_wakes,
        answers={200: Answer(description="All of them", model=WakeList)},
    ),
    Route(
        method="POST",
        path="/api/v1/wakes",
        name="wake_modems",
        tag="waking",
        summary="Wake many modems, as a job",
        handler=wake_modems,
        answers={202: Answer(description="Begun", model=Job, headers={"Location": "where to watch the job"})},
        errors=(400, 408, 413, 415, 422, 503),
        body=BulkWakeRequest,
    ),
)
