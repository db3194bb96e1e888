"""`/ack/...`: acknowledging by a link of a message. Looking changes nothing, so that a mail scanner takes nothing."""

from typing import Final

from aiohttp import web

from irzhub.alerts.ack_links import AckLink, LinkOver
from irzhub.alerts.incident_desk import NotOpen
from irzhub.web.ack_page import ACK_TEXTS, AckTexts, render_bad, render_over, render_question, render_taken
from irzhub.web.context import context_of, desks_of, source_of
from irzhub.web.language import choose_language
from irzhub.web.problem import Problem
from irzhub.web.route import Answer, Route


async def show_ack(request: web.Request) -> web.Response:
    """Show the incident of a link, with the button that takes it."""
    link, texts = _read(request), _texts(request)
    if link is None:
        return _html(render_bad(texts), 404)
    alerts = desks_of(request).alerts
    row = alerts.incidents.book.get(alerts.incidents.root_of(link.incident))
    if row is None:
        return _html(render_over(texts, link.incident), 410)
    what = alerts.incidents.words.in_language(texts.lang).title(row)
    if row.acknowledged_by:
        return _html(render_taken(texts, row.number, what, row.acknowledged_by))
    return _html(render_question(texts, row.number, what))


async def take_ack(request: web.Request) -> web.Response:
    """Acknowledge the incident of a link for the one to whom it was sent."""
    link, texts = _read(request), _texts(request)
    if link is None:
        return _html(render_bad(texts), 404)
    alerts = desks_of(request).alerts
    try:
        row = alerts.desk.acknowledge(link.incident, link.contact, "link")
    except NotOpen:
        return _html(render_over(texts, link.incident), 410)
    what = alerts.incidents.words.in_language(texts.lang).title(row)
    return _html(render_taken(texts, row.number, what, row.acknowledged_by))


def _read(request: web.Request) -> AckLink | None:
    """Return what a link says, None when it is not good; who tries many is slowed down.

    Raises:
        Problem: 429, too many bad ones came from there.
    """
    context = context_of(request)
    source, now = source_of(request), context.clock.monotonic()
    if (wait_s := context.desk.sources.wait_s(source, now)) > 0:
        raise Problem(429, "too_many_tries", "too many tries", headers={"Retry-After": str(int(wait_s) + 1)})
    try:
        return desks_of(request).alerts.outreach.links.read(request.match_info["token"], context.clock.now())
    except LinkOver:
        context.desk.sources.failed(source, now)
        return None


def _texts(request: web.Request) -> AckTexts:
    default = context_of(request).settings.hub.language
    asked, accepted = request.query.get("lang"), request.headers.get("Accept-Language")
    return ACK_TEXTS[choose_language(asked, accepted, default, ACK_TEXTS)]


def _html(page: str, status: int = 200) -> web.Response:
    return web.Response(text=page, status=status, content_type="text/html", charset="utf-8")


_PAGES: Final = {
    200: Answer(description="The incident", media="text/html"),
    404: Answer(description="The link is not good, or its time is over", media="text/html"),
    410: Answer(description="The incident is over", media="text/html"),
}

ROUTES: Final = (
    Route(
        method="GET",
        path="/ack/{token}",
        name="show_ack",
        tag="messages",
        summary="The incident of a link in a message, with the button that takes it",
        handler=show_ack,
        answers=_PAGES,
        errors=(429,),
    ),
    Route(
        method="POST",
        path="/ack/{token}",
        name="take_ack",
        tag="messages",
        summary="Take the incident of a link: repeats and escalation stop",
        handler=take_ack,
        answers=_PAGES,
        errors=(429,),
    ),
)
