"""All that lives in a relay, told anew to a hub that has taken the place of the one that heard of it."""

from collections.abc import Iterable, Iterator

from irzhub.relay.messages import ClientLives, PortFailed, PortOpened, SessionLives, ToHub
from irzhub.relay.modem import Modem, Shared
from irzhub.relay.polling_port import PollingPorts
from irzhub.relay.registrations import Registrations
from irzhub.relay.session import ModemSession


def tell_living(
    modems: Iterable[Modem], ports: PollingPorts, registrations: Registrations, shared: Shared
) -> Iterator[ToHub]:
    """Yield ports, sessions, programs and unknown modems that still wait, as they are now."""
    yield from registrations.wanted()
    for modem in modems:
        name = modem.settings.modem
        port = ports.get(name)
        if port is not None and port.is_open:
            yield PortOpened(modem=name, host=port.host, port=port.port)
        elif port is not None and port.error:
            host, number = port.failed_at
            yield PortFailed(modem=name, host=host, port=number, error=port.error)
        if modem.session is not None:
            yield _session(modem.session, shared)
        programs = modem.line.programs
        for program in programs:
            yield ClientLives(
                modem=name,
                client=program.client,
                peer=program.peer,
                at=round(shared.unix_time() - program.lasted_s, 3),
                clients=len(programs),
            )


def look_again(modems: Iterable[Modem], shared: Shared) -> None:
    """Ask all connected modems for their pins: what they reported of late was lost on its way to the hub."""
    now = shared.monotonic()
    for modem in modems:
        if modem.session is not None and modem.session.questions is not None:
            modem.session.questions.look_again(now)


def _session(session: ModemSession, shared: Shared) -> SessionLives:
    session.settle()
    return SessionLives(
        modem=session.modem.settings.modem,
        generation=session.generation,
        opened_at=session.opened_at,
        peer=session.peer,
        rx_bytes=session.rx_bytes,
        tx_bytes=session.tx_bytes,
        last_byte_at=shared.unix_time(session.life.last_byte),
        has_reported=session.questions is not None and session.questions.has_reported,
    )
