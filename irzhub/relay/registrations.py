"""Modems that nobody has put yet: their sockets wait here, unread, for the hub's decision."""

import itertools
import logging
from collections.abc import Callable, Iterator
from typing import Final

from irzhub.core.clock import Clock
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.messages import RegistrationWanted, ToHub
from irzhub.relay.orders import DecideRegistration
from irzhub.relay.wheel import Wheel

_log = logging.getLogger(__name__)
PATIENCE_S: Final = 10.0
WAITING_LIMIT: Final = 2000
"""So many unknown modems at once; a whole new fleet comes in portions."""
_SOCKETS_EACH: Final = 4


class _Waiting:
    """One unknown modem with the sockets that said to be it, from old to new."""

    __slots__ = ("modem", "on_due", "request", "sockets", "tick")

    def __init__(self, request: int, modem: str, on_due: "Callable[[_Waiting], None]") -> None:
        self.request = request
        self.modem = modem
        self.sockets: list[DialledIn] = []
        self.on_due = on_due
        self.tick = 0

    def due(self, _now: float) -> None:
        """The hub did not decide in time."""
        self.on_due(self)


class Registrations:
    """Asks the hub once for each unknown modem, however often it dials in meanwhile.

    Args (of the constructor):
        admit: takes a socket of a modem that is known by now; it judges its password.
        refuse: closes a socket and tells why.
    """

    def __init__(
        self,
        wheel: Wheel,
        clock: Clock,
        to_hub: Callable[[ToHub], None],
        admit: Callable[[DialledIn], bool],
        refuse: Callable[[DialledIn, str], None],
    ) -> None:
        self._wheel = wheel
        self._clock = clock
        self._to_hub = to_hub
        self._admit = admit
        self._refuse = refuse
        self._requests = itertools.count(1)
        self._by_modem: dict[str, _Waiting] = {}
        self._by_request: dict[int, _Waiting] = {}

    def want(self, dialled: DialledIn) -> None:
        """Let a socket wait; asks the hub unless it is asked for this modem already."""
        hello = dialled.hello
        waiting = self._by_modem.get(hello.modem)
        if waiting is not None:
            waiting.sockets.append(dialled)
            if len(waiting.sockets) > _SOCKETS_EACH:
                self._refuse(waiting.sockets.pop(0), "the same unknown modem dials in too often")
            return
        if len(self._by_modem) >= WAITING_LIMIT:
            self._refuse(dialled, "too many unknown modems at once")
            return
        waiting = _Waiting(next(self._requests), hello.modem, self._give_up)
        waiting.sockets.append(dialled)
        self._by_modem[hello.modem] = self._by_request[waiting.request] = waiting
        self._wheel.at(waiting, self._wheel.now() + PATIENCE_S)
        self._to_hub(self._question(waiting))

    def wanted(self) -> Iterator[RegistrationWanted]:
        """Yield all questions that the hub has not answered: another hub has to be asked again."""
        for waiting in self._by_request.values():
            yield self._question(waiting)

    def decide(self, decision: DecideRegistration) -> None:
        """The hub has decided; one that comes too late decides nothing."""
        if (waiting := self._by_request.get(decision.request)) is None:
            return
        self._forget(waiting)
        admitted = False
        for dialled in reversed(waiting.sockets):  # the newest that is let in wins, by ARCHITECTURE D6
            if not decision.accepted:
                self._refuse(dialled, decision.reason or "unknown modem")
            elif admitted:
                self._refuse(dialled, "a newer connection of the same modem came meanwhile")
            else:
                admitted = self._admit(dialled)

    def close(self) -> None:
        """The hub stops: nobody waits any longer."""
        for waiting in list(self._by_request.values()):
            self._forget(waiting)
            for dialled in waiting.sockets:
                self._refuse(dialled, "")

    @property
    def sockets(self) -> int:
        """How many sockets wait."""
        return sum(len(waiting.sockets) for waiting in self._by_modem.values())

    def __len__(self) -> int:
        return len(self._by_modem)

    def _question(self, waiting: _Waiting) -> RegistrationWanted:
        dialled = waiting.sockets[0]
        hello = dialled.hello
        return RegistrationWanted(
            request=waiting.request,
            modem=hello.modem,
            imei=hello.imei,
            channel=hello.channel,
            driver=hello.driver,
            password=hello.password,
            model=hello.model,
            firmware=hello.firmware,
            peer=dialled.peer,
            at=self._clock.now().timestamp(),
        )

    def _give_up(self, waiting: _Waiting) -> None:
        self._forget(waiting)
        for dialled in waiting.sockets:
            self._refuse(dialled, "the hub did not decide in time")

    def _forget(self, waiting: _Waiting) -> None:
        self._wheel.forget(waiting)
        del self._by_modem[waiting.modem]
        del self._by_request[waiting.request]
