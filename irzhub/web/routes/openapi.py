"""`/api/v1/openapi.json`: the interface describes itself."""

from typing import Final

from aiohttp import web

from irzhub.web.route import Answer, Route

DOCUMENT: Final = web.AppKey("openapi", bytes)
"""The document as it is sent; made once, when the application is built."""


async def get_openapi(request: web.Request) -> web.Response:
    """Answer the OpenAPI document."""
    return web.Response(body=request.app[DOCUMENT], headers={"Content-Type": "application/json"})


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/openapi.json",
        name="get_openapi",
        tag="documents",
        summary="This document",
        handler=get_openapi,
        answers={200: Answer(description="OpenAPI 3.1")},
    ),
)
