"""Unknown modems wait for the hub, within bounds."""

import socket
from collections.abc import Iterator

import pytest

from irzhub.codec.driver import Hello
from irzhub.codec.irz.driver import IrzDriver
from irzhub.core.clock import SystemClock
from irzhub.relay import registrations as module
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.messages import RegistrationWanted, ToHub
from irzhub.relay.orders import DecideRegistration
from irzhub.relay.registrations import Registrations
from irzhub.relay.wheel import Wheel


class Desk:
    """Registrations with the acts of relay and hub written down."""

    def __init__(self) -> None:
        self.wheel = Wheel(SystemClock())
        self.told: list[ToHub] = []
        self.admitted: list[str] = []
        self.refused: list[tuple[str, str]] = []
        self.wrong: set[str] = set()
        self.desk = Registrations(self.wheel, SystemClock(), self.told.append, self._admit, self._refuse)
        self._sockets: list[socket.socket] = []

    def dials(self, modem: str, peer: str) -> None:
        sock = socket.socket()
        self._sockets.append(sock)
        hello = Hello(driver="irz", modem=modem, imei=modem)
        self.desk.want(
            DialledIn(sock=sock, driver=IrzDriver(), hello=hello, leftover=b"", peer=peer, local="", accepted=0.0)
        )

    def decides(self, request: int, accepted: bool, reason: str = "") -> None:
        self.desk.decide(DecideRegistration(request=request, accepted=accepted, reason=reason))

    def close(self) -> None:
        for sock in self._sockets:
            sock.close()

    def _admit(self, dialled: DialledIn) -> bool:
        if dialled.peer in self.wrong:
            return False
        self.admitted.append(dialled.peer)
        return True

    def _refuse(self, dialled: DialledIn, reason: str) -> None:
        self.refused.append((dialled.peer, reason))


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


def test_one_question_for_a_modem_and_the_newest_with_the_right_password_is_admitted(desk: Desk) -> None:
    desk.wrong = {"c:3"}
    for peer in ("a:1", "b:2", "c:3"):
        desk.dials("868441036775234", peer)
    assert [type(message) for message in desk.told] == [RegistrationWanted]
    assert desk.desk.sockets == 3
    desk.decides(1, True)
    assert desk.admitted == ["b:2"]
    assert desk.refused == [("a:1", "a newer connection of the same modem came meanwhile")]
    assert len(desk.desk) == len(desk.wheel) == 0


def test_a_refusal_is_for_all_and_a_second_decision_for_nobody(desk: Desk) -> None:
    desk.dials("868441036775234", "a:1")
    desk.dials("868441036775234", "b:2")
    desk.decides(1, False, "unknown modem")
    desk.decides(1, True)
    desk.decides(99, True)
    assert sorted(desk.refused) == [("a:1", "unknown modem"), ("b:2", "unknown modem")]
    assert not desk.admitted


def test_a_modem_that_dials_in_madly_keeps_four_sockets(desk: Desk) -> None:
    for number in range(10):
        desk.dials("868441036775234", f"a:{number}")
    assert [peer for peer, _ in desk.refused] == [f"a:{number}" for number in range(6)]
    assert desk.desk.sockets == 4


def test_there_is_a_limit_of_unknown_modems(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING_LIMIT", 3)
    for number in range(5):
        desk.dials(f"86844103677523{number}", f"a:{number}")
    assert desk.refused == [("a:3", "too many unknown modems at once"), ("a:4", "too many unknown modems at once")]


def test_without_a_decision_the_socket_is_closed_after_ten_seconds(desk: Desk) -> None:
    desk.dials("868441036775234", "a:1")
    next(iter(desk.desk._by_request.values())).due(0.0)
    assert desk.refused == [("a:1", "the hub did not decide in time")]
    desk.decides(1, True)
    assert not desk.admitted


def test_closing_lets_nobody_wait(desk: Desk) -> None:
    desk.dials("868441036775234", "a:1")
    desk.desk.close()
    assert desk.refused == [("a:1", "")]
    assert len(desk.desk) == len(desk.wheel) == 0
