"""`/api/v1/modems`: the list, one modem, and what people may change of it."""

from typing import Any, Final, cast

from aiohttp import web

from irzhub.core.state import ModemState
from irzhub.storage.inputs import InputRow
from irzhub.storage.modems import RowEdit
from irzhub.web.audit import note_change
from irzhub.web.belonging import check_place, check_references, merged_relay
from irzhub.web.context import IDENTITY, WebContext, context_of, desks_of
from irzhub.web.etag import check_match
from irzhub.web.fleet_view import read_known_modem, read_modem, visible_modems
from irzhub.web.identity import Identity
from irzhub.web.models import InputEdit, Modem, ModemEdit, ModemPage, ModemQuery
from irzhub.web.modem_json import edit_tag, inputs_json, modem_json, output_json
from irzhub.web.output_edit import merged_outputs
from irzhub.web.paging import read_fields, read_filter, read_order, take_page
from irzhub.web.permissions import MODEM_FIELDS, Right
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route
from irzhub.web.search import SearchTexts

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")
_TEXTS: Final = ("name", "group", "comment", "organisation", "site", "phone_sim1", "phone_sim2")
_ETAG: Final = {"ETag": "of what people set, for `If-Match`"}


SEARCH: Final = web.AppKey("search", SearchTexts)


async def list_modems(request: web.Request) -> web.Response:
    """Answer one page of modems."""
    registry = context_of(request).registry
    query = read_query(request, ModemQuery)
    fields = read_fields(query.fields, Modem.model_fields)
    page = take_page(
        visible_modems(request),
        read_filter(query.filter, request.app[SEARCH].of),
        read_order(query.sort),
        query.cursor,
        query.limit,
    )
    items = [modem_json(state, registry, request.remote) for state in page.rows]
    if fields is not None:
        items = [{name: value for name, value in item.items() if name in fields} for item in items]
    return json_response({"items": items, "next": page.next, "total": page.total})


async def get_modem(request: web.Request) -> web.Response:
    """Answer one modem."""
    return _modem_response(request, read_known_modem(request))


async def edit_modem(request: web.Request) -> web.Response:
    """Change name, group, comment or input settings (RFC 7396)."""
    context = context_of(request)
    state = read_modem(request)
    edit = await read_body(request, ModemEdit, _EDIT_MEDIA)
    _check_rights(request[IDENTITY], edit)
    check_match(request, edit_tag(state, context.registry))
    changes, row = _texts(edit), context.registry.get(state.modem)
    if "relay" in edit.model_fields_set:
        changes["overrides"] = merged_relay(row.overrides, edit.relay)
    organisation, group = changes.get("organisation", row.organisation), changes.get("group", row.group)
    if "organisation" in changes or "site" in changes:
        await check_references(request, organisation=changes.get("organisation"), site=changes.get("site"))
    if (organisation, group) != (row.organisation, row.group):
        check_place(request, organisation=organisation, group=group)
    inputs = _inputs(edit, state, context) if edit.inputs else None
    before = _settings_of(state, context)
    await context.registry.edit(state.modem, inputs=inputs, **changes)
    if edit.outputs:
        outputs = merged_outputs(edit.outputs, context.registry.outputs(state.modem), state.modem)
        await desks_of(request).orders.outputs.edit(state.modem, outputs)
    note_change(request, before, _settings_of(state, context))
    return _modem_response(request, context.states.get(state.modem))


def _check_rights(identity: Identity, edit: ModemEdit) -> None:
    """Refuse who may not change one of the fields that an edit names; an edit of nothing is one of the description."""
    needed = {MODEM_FIELDS[name]: name for name in sorted(edit.model_fields_set)} or {Right.EDIT_DESCRIPTION: "it"}
    for right, name in needed.items():
        if not identity.may(right):
            text = f"{identity.name} ({identity.role}) may not change {name}, which needs the right {right.value}"
            raise Problem(403, "forbidden", text)


def _settings_of(state: ModemState, context: WebContext) -> dict[str, Any]:
    row, registry = context.registry.get(state.modem), context.registry
    texts = {name: getattr(row, name) for name in _TEXTS}
    outputs = {str(pin): output_json(each) for pin, each in sorted(registry.outputs(state.modem).items())}
    return {**texts, "relay": row.overrides, "inputs": inputs_json(registry.inputs(state.modem)), "outputs": outputs}


def _modem_response(request: web.Request, state: ModemState) -> web.Response:
    registry = context_of(request).registry
    headers = {} if state.link == "quarantined" else {"ETag": edit_tag(state, registry)}
    return json_response(modem_json(state, registry, request.remote), headers=headers)


def _texts(edit: ModemEdit) -> RowEdit:
    """Return the texts that an edit changes; null empties one."""
    sent = edit.model_dump(include=set(_TEXTS) & edit.model_fields_set)
    return cast("RowEdit", {name: text or "" for name, text in sent.items()})


def _inputs(edit: ModemEdit, state: ModemState, context: WebContext) -> dict[int, InputRow]:
    present = context.registry.inputs(state.modem)
    return {
        int(pin): _changed_input(present.get(int(pin)) or InputRow(state.modem, int(pin)), change)
        for pin, change in (edit.inputs or {}).items()
    }


def _changed_input(row: InputRow, change: InputEdit | None) -> InputRow:
    """Return `row` with a change merged in; null as the whole, or for a field, is the default."""
    if change is None:
        return InputRow(row.modem, row.pin)
    sent = change.model_fields_set
    return InputRow(
        modem=row.modem,
        pin=row.pin,
        name=(change.name or "") if "name" in sent else row.name,
        invert=bool(change.invert) if "invert" in sent else row.invert,
        debounce_s=(change.debounce or 0.0) if "debounce" in sent else row.debounce_s,
        normal=change.normal if "normal" in sent else row.normal,
    )


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/modems",
        name="list_modems",
        tag="modems",
        summary="Modems, page by page",
        handler=list_modems,
        answers={200: Answer(description="One page", model=ModemPage)},
        errors=(400,),
        query=ModemQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/modems/{modem}",
        name="get_modem",
        tag="modems",
        summary="One modem",
        handler=get_modem,
        answers={200: Answer(description="The modem", model=Modem, headers=_ETAG)},
        errors=(404,),
    ),
    Route(
        method="PATCH",
        path="/api/v1/modems/{modem}",
        name="edit_modem",
        tag="modems",
        summary="Change what people set for a modem (JSON Merge Patch); each field asks for its own right",
        handler=edit_modem,
        answers={200: Answer(description="The modem as it is now", model=Modem, headers=_ETAG)},
        errors=(400, 404, 408, 412, 413, 415, 422),
        body=ModemEdit,
        body_media=_EDIT_MEDIA,
        headers={"If-Match": "the `ETag` that was read; without it the last change wins"},
        field_rights=MODEM_FIELDS,
    ),
)
