"""`/`: the dispatcher page; the status page where no page was built."""

from typing import Final

from aiohttp import web

from irzhub.web.page import PAGE
from irzhub.web.route import Answer, Route
from irzhub.web.routes.status import status_page


async def first_page(request: web.Request) -> web.StreamResponse:
    """Answer the page; a hub that runs from a checkout without it shows how it is."""
    page = request.app[PAGE]
    return page.html(request) if page.is_built else await status_page(request)


async def page_file(request: web.Request) -> web.StreamResponse:
    """Answer one of the page's files."""
    return request.app[PAGE].asset(request.match_info["file"])


ROUTES: Final = (
    Route(
        method="GET",
        path="/",
        name="get_page",
        tag="page",
        summary="The dispatcher page for people; it answers its deep links too",
        handler=first_page,
        answers={200: Answer(description="HTML", media="text/html")},
    ),
    Route(
        method="GET",
        path="/assets/{file}",
        name="get_page_file",
        tag="page",
        summary="A file of the dispatcher page, named by what is in it and so kept for a year",
        handler=page_file,
        answers={200: Answer(description="The file", media="application/octet-stream")},
        errors=(404,),
    ),
)
