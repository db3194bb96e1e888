"""What is told in place of a worker that can no longer tell it."""

from irzhub.relay.ledger import GONE, UNTOLD, Ledger
from irzhub.relay.messages import (
    ClientClosed,
    ClientLives,
    ClientOpened,
    CommandAnswered,
    DialInRejected,
    DialogueEnded,
    LineRead,
    PortFailed,
    PortOpened,
    RingRead,
    SessionClosed,
    SessionLives,
    SessionOpened,
    Traffic,
)
from irzhub.relay.orders import ReadLine, ReadRing, SendCommand, StartDialogue
from tests.relay.modem_rig import IMEI

OTHER = "868441036775235"


def opened(modem: str = IMEI, generation: int = 1) -> SessionOpened:
    """Return the beginning of a session at 100 s."""
    return SessionOpened(
        modem=modem,
        generation=generation,
        at=100.0,
        peer="127.0.0.1:9",
        local="",
        password=None,
        default_password=False,
        driver="irz",
        model=None,
        firmware=None,
        sim=None,
        csq=None,
        encapsulated=False,
        listens_at=None,
        woken_by=None,
        keys={},
    )


def closed(modem: str = IMEI, generation: int = 1, **changes: object) -> SessionClosed:
    """Return the end of a session at 160 s."""
    values = {
        "modem": modem,
        "generation": generation,
        "at": 160.0,
        "reason": "worker_lost",
        "detail": GONE,
        "lasted_s": 60.0,
        "rx_bytes": 0,
        "tx_bytes": 0,
        "last_byte_at": 100.0,
    }
    return SessionClosed(**values | changes)  # type: ignore[arg-type]


def test_a_session_is_lost_with_its_traffic() -> None:
    ledger = Ledger()
    ledger.note_told(opened())
    ledger.note_told(Traffic(grown={IMEI: (5, 7, 130.0), OTHER: (1, 1, 1.0)}))
    ledger.note_told(Traffic(grown={IMEI: (1, 0, 140.0)}))
    assert ledger.sessions == 1
    assert list(ledger.lose(160.0)) == [closed(rx_bytes=6, tx_bytes=7, last_byte_at=140.0)]
    assert list(ledger.lose(161.0)) == []


def test_a_session_that_ended_is_not_lost_but_the_one_that_replaced_it_is() -> None:
    ledger = Ledger()
    ledger.note_told(opened(OTHER))
    ledger.note_told(closed(OTHER))
    ledger.note_told(opened())
    ledger.note_told(opened(generation=2))
    ledger.note_told(closed(generation=1))
    assert list(ledger.lose(160.0)) == [closed(generation=2)]


def test_programs_ports_and_answers_that_are_owed_come_in_the_order_that_the_hub_needs() -> None:
    ledger = Ledger()
    ledger.note_told(PortOpened(modem=IMEI, host="127.0.0.1", port=20000))
    ledger.note_told(opened())
    for client in ("c1", "c2", "c3"):
        ledger.note_told(ClientOpened(modem=IMEI, client=client, peer="p", at=130.0, clients=1))
    ledger.note_told(
        ClientClosed(
            modem=IMEI, client="c2", peer="p", at=131.0, clients=2, reason="closed", lasted_s=1, rx_bytes=1, tx_bytes=1
        )
    )
    ledger.note_sent(SendCommand(request="a", modem=IMEI, command="signal"))
    ledger.note_sent(SendCommand(request="b", modem=IMEI, command="signal"))
    ledger.note_sent(ReadRing(request="c", modem=IMEI))
    ledger.note_sent(ReadLine(request="l", modem=IMEI))
    ledger.note_sent(ReadLine(request="m", modem=IMEI))
    ledger.note_told(LineRead(request="m", modem=IMEI, programs=[]))
    ledger.note_sent(StartDialogue(request="d", modem=IMEI, kind="settings", password="5492", lines=[b"AT$A=1"]))
    ledger.note_told(CommandAnswered(request="a", modem=IMEI, status="ok"))

    told = list(ledger.lose(160.0))
    assert [type(message) for message in told] == [
        CommandAnswered,
        RingRead,
        LineRead,
        DialogueEnded,
        ClientClosed,
        ClientClosed,
        SessionClosed,
        PortFailed,
    ]
    assert told[0] == CommandAnswered(request="b", modem=IMEI, status="error", error=GONE)
    assert told[2] == LineRead(request="l", modem=IMEI, programs=[])
    assert isinstance(told[3], DialogueEnded)
    assert (told[3].reason, told[3].may_have_applied) == ("worker_lost", True)
    left = [(each.client, each.clients, each.lasted_s) for each in told if isinstance(each, ClientClosed)]
    assert left == [("c1", 1, 30.0), ("c3", 0, 30.0)]
    assert told[-1] == PortFailed(modem=IMEI, host="127.0.0.1", port=20000, error=GONE)


def test_the_port_of_a_removed_modem_and_one_that_failed_are_not_missed() -> None:
    ledger = Ledger()
    for modem in (IMEI, OTHER):
        ledger.note_told(PortOpened(modem=modem, host="127.0.0.1", port=20000))
    ledger.forget(IMEI)
    ledger.note_told(PortFailed(modem=OTHER, host="127.0.0.1", port=20000, error="busy"))
    assert list(ledger.lose(160.0)) == []


def test_a_socket_of_which_nothing_was_told_is_told_as_lost() -> None:
    ledger = Ledger()
    ledger.note_handed_over("a", "1.1.1.1:1", 100.0)
    ledger.note_handed_over("b", "1.1.1.1:2", 101.0)
    ledger.note_handed_over("c", "1.1.1.1:3", 110.0)
    ledger.note_told(DialInRejected(reason="wrong password", peer="1.1.1.1:2", at=1.0, modem="b"))
    assert list(ledger.lose(7.0)) == [
        DialInRejected(reason=UNTOLD, peer="1.1.1.1:1", at=7.0, modem="a"),
        DialInRejected(reason=UNTOLD, peer="1.1.1.1:3", at=7.0, modem="c"),
    ]
    assert list(ledger.lose(8.0)) == []


def test_a_socket_that_is_not_told_of_for_long_was_hung_up() -> None:
    ledger = Ledger()
    ledger.note_handed_over("a", "1.1.1.1:1", 100.0)
    ledger.note_handed_over("b", "1.1.1.1:2", 110.0)
    ledger.sweep(114.0)
    ledger.sweep(116.0)
    assert [message.modem for message in ledger.lose(7.0) if isinstance(message, DialInRejected)] == ["b"]


def test_a_session_that_another_hub_heard_of_is_lost_like_any_other() -> None:
    ledger = Ledger()
    ledger.note_told(
        SessionLives(
            modem="a",
            generation=3,
            opened_at=90.0,
            peer="1.1.1.1:1",
            rx_bytes=5,
            tx_bytes=6,
            last_byte_at=95.0,
            has_reported=True,
        )
    )
    ledger.note_told(ClientLives(modem="a", client="x", peer="2.2.2.2:1", at=91.0, clients=1))
    program, session = ledger.lose(100.0)
    assert isinstance(program, ClientClosed)
    assert (program.client, program.lasted_s) == ("x", 9.0)
    assert isinstance(session, SessionClosed)
    assert (session.generation, session.lasted_s, session.rx_bytes, session.last_byte_at) == (3, 10.0, 5, 95.0)
