"""What a request says of groups, sites and organisations, checked against what there is and what the caller sees."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from irzhub.config.overrides import WrongOverrides, read_overrides
from irzhub.core.groups import is_within
from irzhub.storage.organisation_relay import has_organisation
from irzhub.storage.settings_templates import SettingsTemplateRow
from irzhub.storage.sites import SiteRow
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.fleet_view import visible_modems
from irzhub.web.merge import merge_patch
from irzhub.web.problem import FieldError, Problem


def merged_relay(
    old: Mapping[str, Any], patch: Mapping[str, Any] | None, *, with_pools: bool = False
) -> dict[str, Any]:
    """Return settings of the relay with a change merged in; null as the whole empties them.

    Raises:
        Problem: 422, a key is unknown or a value is not what the configuration takes.
    """
    merged = {} if patch is None else merge_patch(old, patch)
    merged = {name: value for name, value in merged.items() if value != {}}
    try:
        read_overrides(merged, with_pools=with_pools)
    except WrongOverrides as error:
        errors = tuple(FieldError(f"relay.{path}", text) for path, text in error.problems)
        raise Problem(422, "invalid_value", f"the body has a wrong {errors[0].field}", errors=errors) from None
    return merged


async def check_references(request: web.Request, *, organisation: str | None, site: str | None) -> None:
    """See that an organisation and a site exist, and that the caller may use them; None and an empty text are none.

    Raises:
        Problem: 422, there is none of that id.
    """
    if organisation:
        store = context_of(request).store
        covers = request[IDENTITY].scope.covers_organisation(organisation)
        if not covers or not await store.read(lambda conn: has_organisation(conn, organisation)):
            raise _wrong("organisation", "expected the id of an organisation")
    if site and ((row := desks_of(request).groups.belongings.site(site)) is None or not sees_site(request, row)):
        raise _wrong("site", "expected the id of a site")


def check_place(request: web.Request, *, organisation: str, group: str) -> None:
    """See that something put into an organisation and a group stays within what the caller sees.

    Raises:
        Problem: 403, it would be out of the caller's sight.
    """
    if not request[IDENTITY].scope.covers(organisation, group):
        raise Problem(403, "beyond_own_scope", "this would put it where you see nothing")


def check_whole_group(request: web.Request, path: str) -> None:
    """See that all of a group is the caller's to change: none of its modems is another's.

    Raises:
        Problem: 403, some of it lies outside the caller's scope.
    """
    scope = request[IDENTITY].scope
    if scope.is_whole:
        return
    registry = desks_of(request).groups.registry
    inside = (row for row in registry if is_within(row.group, path))
    if not scope.covers_group(path) or any(not scope.covers(row.organisation, row.group) for row in inside):
        raise Problem(403, "beyond_own_scope", "others have modems in this group too")


def sees_group(request: web.Request, path: str) -> bool:
    """Say whether a group exists for the caller: all of it, or some modem in it."""
    scope = request[IDENTITY].scope
    if scope.is_whole or (scope.organisations is None and scope.covers_group(path)):
        return True
    return any(is_within(state.group, path) for state in visible_modems(request))


def sees_site(request: web.Request, row: SiteRow) -> bool:
    """Say whether a site exists for the caller: its organisation is the caller's, or a modem stands there."""
    scope = request[IDENTITY].scope
    if scope.is_whole or (scope.groups is None and row.organisation and scope.covers_organisation(row.organisation)):
        return True
    return any(state.site == row.id for state in visible_modems(request))


def sees_template(request: web.Request, row: SettingsTemplateRow) -> bool:
    """Say whether a template of settings exists for the caller: it is nobody's, or of the caller's organisation."""
    return not row.organisation or request[IDENTITY].scope.covers_organisation(row.organisation)


def check_template(request: web.Request, template: str | None) -> None:
    """See that a template of settings exists, and that the caller may use it; None is none.

    Raises:
        Problem: 422, there is none of that id.
    """
    if template is None:
        return
    row = desks_of(request).uploads.templates.get(template)
    if row is None or not sees_template(request, row):
        raise _wrong("template", "expected the id of a template of settings")


def _wrong(field: str, text: str) -> Problem:
    return Problem(422, "invalid_value", f"the body has a wrong {field}: {text}", errors=(FieldError(field, text),))
