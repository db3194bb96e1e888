"""All modems that the interface shows: the registered ones, and those that await approval."""

from collections.abc import Iterator

from irzhub.core.state import ModemState, StateStore
from irzhub.web.modem_json import newcomer_state
from irzhub.web.ports import Registry


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
