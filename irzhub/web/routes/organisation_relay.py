"""`/api/v1/organisations/{organisation}/relay`: ports, advertised addresses and who may poll, by organisation."""

from typing import Final

from aiohttp import web

from irzhub.storage.organisation_relay import has_organisation
from irzhub.web.audit import note_change
from irzhub.web.belonging import merged_relay
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.models_fleet import OrganisationRelay, OrganisationRelayEdit
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_body
from irzhub.web.route import Answer, Route

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")


async def get_organisation_relay(request: web.Request) -> web.Response:
    """Answer what an organisation has of its own in the relay."""
    return _answer(request, await _read_organisation(request))


async def edit_organisation_relay(request: web.Request) -> web.Response:
    """Change it; its modems are told what is new for them. Only who sees the whole hub may: ports are shared."""
    organisation = await _read_organisation(request)
    if not request[IDENTITY].scope.is_whole:
        raise Problem(403, "forbidden", "ports and addresses are given out by who sees the whole hub")
    edit, desk = await read_body(request, OrganisationRelayEdit, _EDIT_MEDIA), desks_of(request).groups
    old = dict(desk.belongings.organisation_relay(organisation))
    check_match(request, entity_tag(old))
    new = merged_relay(old, edit.relay, with_pools=True)
    await desk.set_organisation_relay(organisation, new)
    note_change(request, old, new)
    return _answer(request, organisation)


async def _read_organisation(request: web.Request) -> str:
    organisation = request.match_info["organisation"]
    covers = request[IDENTITY].scope.covers_organisation(organisation)
    if not covers or not await context_of(request).store.read(lambda conn: has_organisation(conn, organisation)):
        raise Problem(404, "unknown_organisation", "there is no such organisation")
    return organisation


def _answer(request: web.Request, organisation: str) -> web.Response:
    relay = dict(desks_of(request).groups.belongings.organisation_relay(organisation))
    return json_response({"organisation": organisation, "relay": relay}, headers={"ETag": entity_tag(relay)})


_ETAG: Final = {"ETag": "of what people set, for `If-Match`"}
_ONE: Final = Answer(description="As written", model=OrganisationRelay, headers=_ETAG)
_PATH: Final = "/api/v1/organisations/{organisation}/relay"

ROUTES: Final = (
    Route(
        method="GET",
        path=_PATH,
        name="get_organisation_relay",
        tag="organisations",
        summary="Ports, advertised addresses and line settings of an organisation",
        handler=get_organisation_relay,
        answers={200: _ONE},
        errors=(404,),
    ),
    Route(
        method="PATCH",
        path=_PATH,
        name="edit_organisation_relay",
        tag="organisations",
        summary="Change them (JSON Merge Patch)",
        handler=edit_organisation_relay,
        answers={200: _ONE},
        errors=(400, 404, 408, 412, 413, 415, 422),
        body=OrganisationRelayEdit,
        body_media=_EDIT_MEDIA,
        headers={"If-Match": "the `ETag` that was read; without it the last change wins"},
    ),
)
