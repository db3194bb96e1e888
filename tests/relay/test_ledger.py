"""What is told in place of a worker that can no longer tell it."""

from irzhub.relay.ledger import GONE, Ledger
from irzhub.relay.messages import (
    ClientClosed,
    ClientOpened,
    CommandAnswered,
    DialogueEnded,
    PortFailed,
    PortOpened,
    ReadRing,
    RingRead,
    SendCommand,
    SessionClosed,
    SessionOpened,
    StartDialogue,
    Traffic,
)
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
    ledger.note_sent(StartDialogue(request="d", modem=IMEI, kind="settings", password="5492", lines=[b"AT$A=1"]))
    ledger.note_told(CommandAnswered(request="a", modem=IMEI, status="ok"))

    told = list(ledger.lose(160.0))
    assert [type(message) for message in told] == [
        CommandAnswered,
        RingRead,
        DialogueEnded,
        ClientClosed,
        ClientClosed,
        SessionClosed,
        PortFailed,
    ]
    assert told[0] == CommandAnswered(request="b", modem=IMEI, status="error", error=GONE)
    assert isinstance(told[2], DialogueEnded)
    assert (told[2].reason, told[2].may_have_applied) == ("worker_lost", True)
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
