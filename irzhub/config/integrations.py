"""The section `integrations`: each part's own schema judges its keys, as the hub's schema judges all others."""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, Protocol

import voluptuous as vol

from irzhub.config.environment import PREFIX
from irzhub.config.schema_map import KeyFacts, keys_below
from irzhub.config.tree import KeyPath, find_value

SECTION: Final = "integrations"
_VARIABLE: Final = re.compile(rf"{PREFIX}INTEGRATIONS__([A-Z][A-Z0-9_]*?)(?:__.*)?", re.ASCII)


class IntegrationSchemas(Protocol):
    """What integrations there are, and what each takes."""

    def names(self) -> Collection[str]:
        """Return the names of all that can be set up here."""

    def schema(self, name: str) -> Mapping[Any, Any] | None:
        """Return the keys that one takes; None where its code cannot be loaded, which its health tells of."""


class NoIntegrations:
    """For those who only want the hub's own settings: what stands below `integrations` is taken as it is."""

    def names(self) -> Collection[str]:
        return ()

    def schema(self, name: str) -> Mapping[Any, Any] | None:  # noqa: ARG002 - there is none, whatever the name
        return None


def wanted_schemas(
    value: Any, environ: Mapping[str, str], schemas: IntegrationSchemas
) -> dict[str, Mapping[Any, Any] | None]:
    """Return the schemas of the integrations that the file or the environment names."""
    written = find_value(value, (SECTION,))
    names = set(written) if isinstance(written, dict) else set()
    names |= {found[1].lower() for name in environ if (found := _VARIABLE.fullmatch(name)) is not None}
    known = set(schemas.names())
    return {name: schemas.schema(name) for name in sorted(names & known)}


def integration_keys(wanted: Mapping[str, Mapping[Any, Any] | None]) -> dict[KeyPath, KeyFacts]:
    """Return the keys of integrations by their path in irzhub.yaml."""
    found: dict[KeyPath, KeyFacts] = {}
    for name, schema in wanted.items():
        found |= keys_below(dict(schema or {}), (SECTION, name))
    return found


def unknown_integrations(written: Mapping[str, Any], known: Collection[str]) -> Iterator[tuple[KeyPath, str]]:
    """Yield the names that no integration has, each with the nearest that one has."""
    for name in written:
        if known and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(sorted(known))}"
            yield (SECTION, name), f"unknown integration; {hint}"


def judge_integration(name: str, schema: Mapping[Any, Any], value: Any) -> tuple[dict[str, Any], list[vol.Invalid]]:
    """Return the settings of one integration with its defaults, and what is wrong with them."""
    try:
        return vol.Schema(dict(schema))(value or {}), []
    except vol.MultipleInvalid as error:
        error.prepend([SECTION, name])
        return {}, error.errors
