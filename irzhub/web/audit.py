"""The audit of changes: one row for each request that may change something; handlers add what was and what is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Change:
    """What a request changed, as JSON values; None where there was nothing, or is nothing any more."""

    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


CHANGE: Final = web.RequestKey("change", Change)


def note_change(request: web.Request, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
    """Note what a request changed, for its row in the audit; the last call counts.

    Only members that differ are kept. Secrets are hidden by their names, but better not given at all.

    Args:
        request: the request that changes something.
        before: what was, None for what is new.
        after: what is, None for what was removed.
    """
    request[CHANGE] = Change(before, after)
