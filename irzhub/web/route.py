"""One row for each address: what it does, takes and gives. The server and the OpenAPI document come from these."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from aiohttp import web
from pydantic import BaseModel

from irzhub.web.permissions import Right

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One way in which a route answers well.

    Args:
        description: in words. model: its JSON, None for other media. media: media type of the body, empty for none.
        text_too: the body may be plain text instead, where the query asks for it.
        also: further media types of which the body may be instead, as bytes.
        headers: names of its own headers with their meaning.
    """

    description: str
    model: type[BaseModel] | None = None
    media: str = "application/json"
    text_too: bool = False
    also: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def no_content(description: str) -> Answer:
    """Return the answer of a route that answers nothing but its status, 204."""
    return Answer(description=description, media="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation.

    Args:
        method, path: as in the table of permissions, which alone says who may call it.
        name: the operation's id, unique. summary: one line for people.
        answers: by status. errors: problem statuses besides those that every route has.
        query, body: models of the query and of the JSON body. body_media: media types the body may have.
        bytes_media: media type of a body that is bytes, empty for none.
        headers: request headers with their meaning.
        field_rights: what single fields of the body ask besides what the route asks.
    """

    method: str
    path: str
    name: str
    tag: str
    summary: str
    handler: Handler
    answers: Mapping[int, Answer]
    errors: tuple[int, ...] = ()
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    body_media: tuple[str, ...] = ("application/json",)
    bytes_media: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    field_rights: Mapping[str, Right] = field(default_factory=dict)
