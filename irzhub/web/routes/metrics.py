"""`/metrics` for Prometheus: open to callers on this machine, else with a token."""

from typing import Final

from aiohttp import web

from irzhub.web.exposition import CONTENT_TYPE, Exposition
from irzhub.web.route import Answer, Route

EXPOSITION: Final = web.AppKey("exposition", Exposition)


async def metrics(request: web.Request) -> web.Response:
    """Print every metric as it stands now."""
    return web.Response(body=request.app[EXPOSITION].text(), headers={"Content-Type": CONTENT_TYPE})


ROUTES: Final = (
    Route(
        method="GET",
        path="/metrics",
        name="get_metrics",
        tag="health",
        summary="Counters in the Prometheus text form; without a token only on the hub's own machine",
        handler=metrics,
        answers={200: Answer(description="All metrics", media="text/plain")},
    ),
)
