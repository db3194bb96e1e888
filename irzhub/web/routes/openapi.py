"""`/api/v1/openapi.json`: the interface describes itself."""

import asyncio
from collections.abc import Callable
from typing import Final

from aiohttp import web

from irzhub.web.route import Answer, Route


class Document:
    """The document as it is sent, made once, when it is first asked for.

    It takes half a second of a processor and most hubs are never asked, so it is neither a part of the
    start nor work of the loop.
    """

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make
        self._making = asyncio.Lock()
        self._made: bytes | None = None

    async def read(self) -> bytes:
        """Return the document as JSON."""
        async with self._making:
            if self._made is None:
                self._made = await asyncio.to_thread(self._make)
        return self._made


DOCUMENT: Final = web.AppKey("openapi", Document)


async def get_openapi(request: web.Request) -> web.Response:
    """Answer the OpenAPI document."""
    return web.Response(body=await request.app[DOCUMENT].read(), headers={"Content-Type": "application/json"})


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
