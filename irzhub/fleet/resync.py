"""What a relay tells that had sessions before this hub was there: they live on, and nobody is told of it anew."""

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from irzhub.core.events import ModemConnected
from irzhub.relay.messages import ClientLives, Resynced, SessionLives, WakeWanted
from irzhub.relay.networks import is_inside
from irzhub.relay.orders import RemoveModem
from irzhub.storage.modems import set_online

if TYPE_CHECKING:
    from irzhub.fleet.reception import Reception

_log = logging.getLogger(__name__)


def session_lives(reception: "Reception", message: SessionLives) -> None:
    """A modem is connected, as it was when the hub before this one went."""
    modem, registry, states = message.modem, reception.registry, reception.states
    if modem not in registry:
        reception.send(RemoveModem(modem=modem))  # deleted in the last moment of the hub before
        return
    session = reception.begin_session(modem, message.generation, message.opened_at)
    reception.pins.session_lives(modem, has_reported=message.has_reported)
    if not registry.get(modem).was_online:
        _tell_connected(reception, message, session)
    if modem in states:
        states.update(modem, link="online", confirmed=True, peer=message.peer, clients=0)
    reception.on_return(modem)
    reception.commands.modem_returned(modem)


def client_lives(reception: "Reception", message: ClientLives) -> None:
    """A program is connected, as it was before; one that waited for a sleeping modem waits on."""
    modem = message.modem
    if modem not in reception.registry:
        return
    reception.states.update(modem, clients=message.clients)
    settings = reception.builder.build(reception.registry.get(modem))
    only_reads = is_inside(message.peer.rpartition(":")[0].strip("[]"), settings.sharing.observers)
    if settings.offline == "wake" and not only_reads and not reception.is_present(modem):
        reception.on_wake(WakeWanted(modem=modem, client=message.client, at=message.at))


def resynced(_reception: "Reception", message: Resynced) -> None:
    """All has been told."""
    if message.missed:
        _log.warning("%d messages came while no hub was there, too many to be kept: they are lost", message.missed)


def _tell_connected(reception: "Reception", message: SessionLives, session: str) -> None:
    """Its beginning was among the messages that were too many to be kept."""
    modem = message.modem
    reception.registry.note_online(modem, online=True)
    at = datetime.fromtimestamp(int(message.opened_at * 1000) / 1000, UTC)
    reception.journal.append(
        ModemConnected(ts=at, modem=modem, session=session, peer=message.peer),
        write=lambda conn: set_online(conn, modem, True),
    )
