"""The fleet as a caller may see it: the only way by which a route reaches modems and their events.

What lies outside the caller's scope does not exist for the caller: no row in a list, 404 for the object.
"""

import re
from collections.abc import Iterator
from typing import Final

from aiohttp import web

from irzhub.core.events import Event
from irzhub.core.state import ModemState, StateStore
from irzhub.web.context import IDENTITY, context_of
from irzhub.web.identity import Identity, may_see
from irzhub.web.modem_json import newcomer_state
from irzhub.web.ports import Registry
from irzhub.web.problem import Problem

_MODEM: Final = re.compile(r"[0-9]{14,17}(?:_[2-5])?|[0-9A-Za-z-]{1,32}", re.ASCII)


def read_modem(request: web.Request) -> ModemState:
    """Return the state of the registered modem that the path names.

    Raises:
        Problem: 404, no such modem is registered, or the caller may not see it.
    """
    modem, states = _modem_id(request), context_of(request).states
    if modem not in states or not may_see(request[IDENTITY], state := states.get(modem)):
        raise _unknown()
    return state


def read_known_modem(request: web.Request) -> ModemState:
    """Return the state of the modem that the path names, also of one that awaits approval.

    Raises:
        Problem: 404, nobody knows it, or the caller may not see it.
    """
    context = context_of(request)
    state = find_modem(_modem_id(request), context.states, context.registry)
    if state is None or not may_see(request[IDENTITY], state):
        raise _unknown()
    return state


def visible_modems(request: web.Request) -> Iterator[ModemState]:
    """Yield every modem that the caller may see, once; those that await approval belong to nobody yet."""
    context, identity = context_of(request), request[IDENTITY]
    modems = all_modems(context.states, context.registry)
    return modems if identity.scope.is_whole else (state for state in modems if may_see(identity, state))


def is_visible(request: web.Request, modem: str) -> bool:
    """Say whether the caller may see the modem of that id, and so what hangs on it: commands, meters, sessions."""
    return sees_modem(request[IDENTITY], context_of(request).states, modem)


def sees_modem(identity: Identity, states: StateStore, modem: str) -> bool:
    """Say whether `identity` may see the modem of that id; one that was deleted is seen with the whole hub only."""
    if identity.scope.is_whole:
        return True
    return modem in states and may_see(identity, states.get(modem))


def sees_event(identity: Identity, states: StateStore, event: Event) -> bool:
    """Say whether `identity` may see an event; those of the hub itself are seen with the whole hub only."""
    if identity.scope.is_whole:
        return True
    return event.modem is not None and sees_modem(identity, states, event.modem)


def all_modems(states: StateStore, registry: Registry) -> Iterator[ModemState]:
    """Return every modem once; a registered one that is turned away for the moment stays what it was."""
    yield from states
    for newcomer in registry.quarantined():
        if newcomer.modem not in states:
            yield newcomer_state(newcomer)


def find_modem(modem: str, states: StateStore, registry: Registry) -> ModemState | None:
    """Return one modem, None when nobody knows it."""
    if modem in states:
        return states.get(modem)
    return next((newcomer_state(each) for each in registry.quarantined() if each.modem == modem), None)


def _modem_id(request: web.Request) -> str:
    modem = request.match_info["modem"]
    # An id is matched before it is used or repeated anywhere.
    if _MODEM.fullmatch(modem) is None:
        raise _unknown()
    return modem


def _unknown() -> Problem:
    return Problem(404, "unknown_modem", "no such modem is known here")
