"""`/status`: what the hub is doing, for whoever opens its address; counts only, no modem's data."""

from typing import Final

from aiohttp import web

from irzhub.web.context import context_of
from irzhub.web.language import choose_language
from irzhub.web.locality import is_local
from irzhub.web.route import Answer, Route
from irzhub.web.status import picture_of
from irzhub.web.status_page import render
from irzhub.web.texts import LANGUAGES


async def status_page(request: web.Request) -> web.Response:
    """Answer the status page in the browser's language."""
    context = context_of(request)
    language = choose_language(
        request.query.get("lang"), request.headers.get("Accept-Language"), context.settings.hub.language, LANGUAGES
    )
    picture = picture_of(context, shows_causes=is_local(request))
    page = render(picture, LANGUAGES[language], f"{request.scheme}://{request.host}")
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return web.Response(text=page, content_type="text/html", charset="utf-8", headers=headers)


ROUTES: Final = (
    Route(
        method="GET",
        path="/status",
        name="get_status_page",
        tag="health",
        summary="The status page for people, in Russian or English",
        handler=status_page,
        answers={200: Answer(description="HTML", media="text/html")},
    ),
)
