"""`/healthz` and `/readyz`: they ask nobody, so they answer while everything else is away."""

from typing import Final

from aiohttp import web

from irzhub.web.context import context_of
from irzhub.web.locality import is_local
from irzhub.web.models import Alive, Readiness
from irzhub.web.readiness import readiness
from irzhub.web.reading import json_response
from irzhub.web.route import Answer, Route


async def healthz(request: web.Request) -> web.Response:  # noqa: ARG001 - a handler's shape
    """Say that the process lives."""
    return json_response({"status": "alive"})


async def readyz(request: web.Request) -> web.Response:
    """Say whether modems and programs are served, part by part; causes only to callers on this machine."""
    health = context_of(request).health
    word = readiness(health)
    shows_causes = is_local(request)
    parts = {
        part.part: {"state": part.state, **({"detail": part.detail} if shows_causes and part.detail else {})}
        for part in sorted(health, key=lambda part: part.part)
    }
    return json_response({"status": word, "parts": parts}, status=503 if word == "not_ready" else 200)


ROUTES: Final = (
    Route(
        method="GET",
        path="/healthz",
        name="get_healthz",
        tag="health",
        summary="Whether the process is alive",
        handler=healthz,
        answers={200: Answer(description="It is", model=Alive)},
    ),
    Route(
        method="GET",
        path="/readyz",
        name="get_readyz",
        tag="health",
        summary="Whether modems and programs are served, and how each part is",
        handler=readyz,
        answers={
            200: Answer(description="Ready, perhaps with a part that is away", model=Readiness),
            503: Answer(description="Not ready", model=Readiness),
        },
    ),
)
