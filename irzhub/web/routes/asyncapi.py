"""`/api/v1/asyncapi.json`: topics and the live stream describe themselves."""

from functools import lru_cache
from typing import Final

from aiohttp import web

from irzhub.web.asyncapi import asyncapi_text
from irzhub.web.context import context_of
from irzhub.web.route import Answer, Route

_text: Final = lru_cache(maxsize=4)(asyncapi_text)


async def get_asyncapi(request: web.Request) -> web.Response:
    """Answer the AsyncAPI document with this hub's own base topic."""
    text = _text(context_of(request).settings.mqtt.base_topic)
    return web.Response(text=text, content_type="application/json", charset="utf-8")


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/asyncapi.json",
        name="get_asyncapi",
        tag="documents",
        summary="Topics of MQTT and messages of the live stream",
        handler=get_asyncapi,
        answers={200: Answer(description="AsyncAPI 3.0")},
    ),
)
