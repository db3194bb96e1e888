"""What the hub is told of polling programs, as messages."""

from collections.abc import Iterable

from irzhub.relay.messages import ClientClosed, ClientOpened, LineProgram, WakeWanted
from irzhub.relay.program import Program


def opened(modem: str, program: Program, at: float, clients: int) -> ClientOpened:
    """A program has connected; `clients` with it, `at` in Unix seconds."""
    return ClientOpened(modem=modem, client=program.client, peer=program.peer, at=at, clients=clients)


def closed(modem: str, program: Program, at: float, clients: int, reason: str) -> ClientClosed:
    """A program is gone; `clients` are left, `reason` is one of docs/contract.md 2."""
    return ClientClosed(
        modem=modem,
        client=program.client,
        peer=program.peer,
        at=at,
        clients=clients,
        reason=reason,
        lasted_s=program.lasted_s,
        rx_bytes=program.rx_bytes,
        tx_bytes=program.tx_bytes,
    )


def wake_wanted(modem: str, program: Program, at: float) -> WakeWanted:
    """A program needs a modem that is away."""
    return WakeWanted(modem=modem, client=program.client, at=at)


def describe(programs: Iterable[Program], owner: Program | None) -> list[LineProgram]:
    """Return what the hub is told of connected programs when it asks; `owner` has the line."""
    return [
        LineProgram(
            client=program.client,
            peer=program.peer,
            lasted_s=round(program.lasted_s, 3),
            rx_bytes=program.rx_bytes,
            tx_bytes=program.tx_bytes,
            kept_bytes=program.kept_bytes,
            holds_line=program is owner,
            is_observer=program.is_observer,
        )
        for program in programs
    ]
