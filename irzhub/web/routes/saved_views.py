"""`/api/v1/saved_views`: the views of the page that the caller saved."""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from irzhub.storage.saved_views import SavedViewRow, list_views, replace_views
from irzhub.web.context import context_of
from irzhub.web.models_page import OwnViews, SavedViews
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body
from irzhub.web.route import Answer, Route
from irzhub.web.routes.session import person


async def list_saved_views(request: web.Request) -> web.Response:
    """Answer one's own views in their order."""
    user = person(request).user.name
    return _answer(await context_of(request).store.read(lambda connection: list_views(connection, user)))


async def put_saved_views(request: web.Request) -> web.Response:
    """Keep these views; those that are left out are gone."""
    user = person(request).user.name
    wanted = await read_body(request, OwnViews)
    rows = [SavedViewRow(each.name, each.page, each.query) for each in wanted.items]
    if len({(row.page, row.name) for row in rows}) < len(rows):
        text = "expected another name for each view of a page"
        raise Problem(422, "invalid_value", text, errors=(FieldError("items", text),))
    await context_of(request).store.write(lambda connection: replace_views(connection, user, rows))
    return _answer(rows)


def _answer(rows: Sequence[SavedViewRow]) -> web.Response:
    items: list[dict[str, Any]] = [{"name": row.name, "page": row.page, "query": row.query} for row in rows]
    return json_response({"items": items})


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/saved_views",
        name="list_saved_views",
        tag="page",
        summary="The views of the page that one saved: filters, order and columns under a name",
        handler=list_saved_views,
        answers={200: Answer(description="One's own views", model=SavedViews)},
    ),
    Route(
        method="PUT",
        path="/api/v1/saved_views",
        name="put_saved_views",
        tag="page",
        summary="Replace the views that one saved",
        handler=put_saved_views,
        answers={200: Answer(description="The views as they are kept", model=SavedViews)},
        errors=(400, 408, 413, 415, 422),
        body=OwnViews,
    ),
)
