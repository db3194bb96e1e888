"""Simple notification settings of the hub, of groups and of modems: who is told of what, when, in which words."""

from collections.abc import Iterable
from typing import Any, Final

from aiohttp import web

from irzhub.automation.notification import KINDS, Origin, Own, Slot
from irzhub.automation.notification_desk import NotificationDesk, without_empty
from irzhub.automation.templates import TemplateRefused, check_template
from irzhub.core.groups import normal_path
from irzhub.web.audit import note_change, note_object
from irzhub.web.belonging import check_whole_group, sees_group
from irzhub.web.context import IDENTITY, desks_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.fleet_view import read_modem
from irzhub.web.job_view import find_target
from irzhub.web.merge import merge_patch
from irzhub.web.models_notifications import BulkNotifications, Changed, Notifications, NotificationsEdit, patch_of
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body
from irzhub.web.route import Answer, Route, no_content

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")


class _Owner:
    """The hub, a group or a modem that a request names."""

    def __init__(self, request: web.Request) -> None:
        self.request = request
        self.desk: NotificationDesk = desks_of(request).notifications
        self.modem: str | None = None
        self.group = ""
        self.pins: frozenset[int] = frozenset()
        if "modem" in request.match_info:
            state = read_modem(request)
            self.modem, self.group, self.pins = state.modem, state.group, frozenset(state.gpi)
        elif "group" in request.match_info:
            self.group = _read_group(request)
            check_whole_group(request, self.group)
        elif not request[IDENTITY].scope.is_whole:
            raise Problem(403, "forbidden", "settings of the hub as a whole are for who sees the whole hub")

    @property
    def own(self) -> Own:
        """What stands at this owner."""
        return self.desk.of_group(self.group) if self.modem is None else self.desk.of_modem(self.modem)

    async def set(self, own: dict[str, Any]) -> None:
        """Replace it, and note the change for the audit."""
        before, by = dict(self.own), self.request[IDENTITY].name
        if self.modem is None:
            await self.desk.set_group(self.group, own, by)
        else:
            await self.desk.set_modems({self.modem: own}, by)
        note_change(self.request, before, own)

    def answer(self) -> web.Response:
        """Answer what stands here and what holds."""
        level = "modem" if self.modem is not None else "group" if self.group else "hub"
        body = {
            "owner": level,
            "name": self.group if self.modem is None else self.modem,
            "settings": self.own,
            "effective": self._effective(),
        }
        return json_response(body, headers={"ETag": entity_tag(self.own)})

    def _effective(self) -> dict[str, Any]:
        shown: dict[str, Any] = {kind: self._shown(Slot(kind)) for kind in KINDS}
        pins = self.pins | _pins_in(self.desk, self.modem, self.group)
        return {**shown, "inputs": {str(pin): self._shown(Slot("input", pin)) for pin in sorted(pins)}}

    def _shown(self, slot: Slot) -> dict[str, Any]:
        return {
            name: {
                "value": None if name == "recipients" and self._is_hidden(origin) else value,
                "from": {"level": origin.level, "name": origin.name},
            }
            for name, (value, origin) in self.desk.origins(slot, self.modem, self.group).items()
        }

    def _is_hidden(self, origin: Origin) -> bool:
        """Numbers and addresses that others set are theirs to see."""
        if self.request[IDENTITY].scope.is_whole or origin.level in ("default", "modem"):
            return False
        if origin.level == "hub":
            return True
        try:
            check_whole_group(self.request, origin.name)
        except Problem:
            return True
        return False


async def get_notifications(request: web.Request) -> web.Response:
    """Answer the settings of one owner."""
    return _Owner(request).answer()


async def edit_notifications(request: web.Request) -> web.Response:
    """Change some of them."""
    owner = _Owner(request)
    edit = await read_body(request, NotificationsEdit, _EDIT_MEDIA)
    check_match(request, entity_tag(owner.own))
    _check_texts(edit)
    await owner.set(without_empty(merge_patch(owner.own, patch_of(edit))))
    return owner.answer()


async def put_notifications(request: web.Request) -> web.Response:
    """Replace all of them."""
    owner = _Owner(request)
    edit = await read_body(request, NotificationsEdit)
    check_match(request, entity_tag(owner.own))
    _check_texts(edit)
    await owner.set(without_empty(merge_patch({}, patch_of(edit))))
    return owner.answer()


async def delete_notifications(request: web.Request) -> web.Response:
    """Remove all of them: everything is inherited again."""
    owner = _Owner(request)
    check_match(request, entity_tag(owner.own))
    await owner.set({})
    return web.Response(status=204)


async def edit_many_notifications(request: web.Request) -> web.Response:
    """Change the own settings of many modems in the same way."""
    wanted = await read_body(request, BulkNotifications)
    desk, modems = desks_of(request).notifications, find_target(request, wanted.target)
    patch = None
    if wanted.settings is not None:
        _check_texts(wanted.settings)
        patch = patch_of(wanted.settings)
    new = {modem: {} if patch is None else without_empty(merge_patch(desk.of_modem(modem), patch)) for modem in modems}
    await desk.set_modems(new, request[IDENTITY].name)
    note_object(request, target=wanted.target.model_dump(exclude_none=True))
    note_change(request, None, {"settings": patch, "modems": len(new)})
    return json_response({"modems": len(new)})


def _check_texts(edit: NotificationsEdit) -> None:
    """Refuse texts that are no templates."""
    slots: dict[str, Any] = {name: getattr(edit, name) for name in KINDS}
    slots |= {f"inputs.{pin}": slot for pin, slot in (edit.inputs or {}).items()}
    for name, slot in slots.items():
        try:
            check_template((slot.text if slot is not None else None) or "")
        except TemplateRefused as error:
            errors = (FieldError(f"{name}.text", str(error)),)
            raise Problem(422, "invalid_value", f"the body has a wrong {name}.text: {error}", errors=errors) from None


def _pins_in(desk: NotificationDesk, modem: str | None, group: str) -> frozenset[int]:
    return frozenset(int(pin) for own in desk.owns(modem, group) for pin in own.get("inputs", ()))


def _read_group(request: web.Request) -> str:
    try:
        path = normal_path(request.match_info["group"])
    except ValueError:
        path = ""
    if not path or desks_of(request).groups.group(path) is None or not sees_group(request, path):
        raise Problem(404, "unknown_group", "there is no such group")
    return path


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_ETAG: Final = {"ETag": "of what stands there, for `If-Match`"}
_ONE: Final = Answer(description="The settings", model=Notifications, headers=_ETAG)
_IF_MATCH: Final = {"If-Match": "the `ETag` that was read; without it the last change wins"}


def _routes_of(owner: str, path: str, name: str) -> Iterable[Route]:
    """Yield the routes to what one kind of owner has of its own."""
    errors = (404,) if "{" in path else ()
    yield Route(
        method="GET",
        path=path,
        name=f"get_{name}",
        tag="notifications",
        summary=f"Notification settings of {owner}, with where each value stands",
        handler=get_notifications,
        answers={200: _ONE},
        errors=errors,
    )
    yield Route(
        method="PATCH",
        path=path,
        name=f"edit_{name}",
        tag="notifications",
        summary=f"Change what {owner} has of its own (JSON Merge Patch)",
        handler=edit_notifications,
        answers={200: _ONE},
        errors=(*_BODY_ERRORS, *errors, 412),
        body=NotificationsEdit,
        body_media=_EDIT_MEDIA,
        headers=_IF_MATCH,
    )
    yield Route(
        method="PUT",
        path=path,
        name=f"put_{name}",
        tag="notifications",
        summary=f"Replace what {owner} has of its own",
        handler=put_notifications,
        answers={200: _ONE},
        errors=(*_BODY_ERRORS, *errors, 412),
        body=NotificationsEdit,
        headers=_IF_MATCH,
    )
    yield Route(
        method="DELETE",
        path=path,
        name=f"delete_{name}",
        tag="notifications",
        summary=f"Have {owner} inherit everything again",
        handler=delete_notifications,
        answers={204: no_content("Removed")},
        errors=(*errors, 412),
        headers=_IF_MATCH,
    )


ROUTES: Final = (
    *_routes_of("the hub as a whole", "/api/v1/notifications", "notifications"),
    *_routes_of("a group", "/api/v1/groups/{group}/notifications", "group_notifications"),
    *_routes_of("a modem", "/api/v1/modems/{modem}/notifications", "modem_notifications"),
    Route(
        method="POST",
        path="/api/v1/notifications/bulk",
        name="edit_many_notifications",
        tag="notifications",
        summary="Change what many modems have of their own, in one transaction",
        handler=edit_many_notifications,
        answers={200: Answer(description="Changed", model=Changed)},
        errors=_BODY_ERRORS,
        body=BulkNotifications,
    ),
)
