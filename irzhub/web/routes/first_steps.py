"""`/api/v1/first_steps` and `/api/v1/practice_fleet`: what an empty hub offers to who has just set it up."""

from typing import Any, Final

from aiohttp import web

from irzhub.config.rules import is_loopback
from irzhub.fleet.networks import address_towards
from irzhub.fleet.practice import CannotPractise, PracticeFleet
from irzhub.web.audit import note_change
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.models_page import FirstSteps, Practice, StartPractice
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_body
from irzhub.web.route import Answer, Route, no_content

_WILDCARDS: Final = frozenset({"0.0.0.0", "::", ""})


async def get_first_steps(request: web.Request) -> web.Response:
    """Answer where modems dial in, and how the practice fleet is."""
    host = context_of(request).settings.relay.modems.host
    shown = address_towards(request.remote) if host in _WILDCARDS else host
    practice = desks_of(request).practice
    modems = {"host": shown, "port": practice.modem_port(), "local": host not in _WILDCARDS and is_loopback(host)}
    return json_response({"modems": modems, "practice": _practice_json(practice)})


async def start_practice(request: web.Request) -> web.Response:
    """Start the simulator; its modems dial in within seconds."""
    practice = _practice_of(request)
    wanted = await read_body(request, StartPractice)
    try:
        await practice.start(wanted.modems)
    except CannotPractise as error:
        raise Problem(409, error.code, str(error)) from None
    note_change(request, None, {"modems": wanted.modems})
    return json_response(_practice_json(practice), status=202)


async def end_practice(request: web.Request) -> web.Response:
    """End the simulator and forget its modems; what they did stays in the journal."""
    practice = _practice_of(request)
    before = {"modems": len(practice.modems)}
    await practice.stop()
    note_change(request, before, None)
    return web.Response(status=204)


def _practice_of(request: web.Request) -> PracticeFleet:
    """Return the practice fleet, for who sees the whole hub.

    Raises:
        Problem: 403, the caller sees a part of it.
    """
    if not request[IDENTITY].scope.is_whole:
        raise Problem(403, "forbidden", "the practice fleet is for who sees the whole hub")
    return desks_of(request).practice


def _practice_json(practice: PracticeFleet) -> dict[str, Any]:
    return {"possible": practice.is_possible, "running": practice.is_running, "modems": len(practice.modems)}


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/first_steps",
        name="get_first_steps",
        tag="page",
        summary="Where modems dial in, for the first one to be brought here",
        handler=get_first_steps,
        answers={200: Answer(description="The first steps", model=FirstSteps)},
    ),
    Route(
        method="POST",
        path="/api/v1/practice_fleet",
        name="start_practice",
        tag="page",
        summary="Start simulated modems on a hub that has none of its own",
        handler=start_practice,
        answers={202: Answer(description="They dial in", model=Practice)},
        errors=(400, 408, 409, 413, 415, 422),
        body=StartPractice,
    ),
    Route(
        method="DELETE",
        path="/api/v1/practice_fleet",
        name="end_practice",
        tag="page",
        summary="End the simulated modems and forget them",
        handler=end_practice,
        answers={204: no_content("They are gone")},
    ),
)
