"""What the relay tells becomes events and state, in the order of the messages."""

from datetime import UTC, datetime
from typing import Any

import pytest

from irzhub.config.settings import Settings
from irzhub.relay.messages import (
    ClientClosed,
    ClientOpened,
    ConflictSeen,
    DialInRejected,
    Drained,
    PortFailed,
    PortOpened,
    RingRead,
    ToRelay,
    Traffic,
    ValuesSeen,
)
from irzhub.relay.orders import ReadRing
from tests.fleet.conftest import IMEI, Desk, make_desk, session_closed, session_opened

STRANGER = "868441036775999"


async def test_session_makes_the_modem_online_and_its_end_offline(desk: Desk) -> None:
    await desk.dial_in()
    online = desk.states.get(IMEI)
    desk.reception.receive(session_closed(reason="keepalive_lost"))
    await desk.journal.flush()

    offline = desk.states.get(IMEI)
    assert (online.link, online.peer, online.csq, online.rssi_dbm) == ("online", "203.0.113.9:40000", 16, -81)
    assert (offline.link, offline.peer, offline.csq) == ("offline", None, 16)
    events = await desk.events()
    assert [event["type"] for event in events] == ["registered", "connected", "disconnected"]
    assert events[2]["reason"] == "keepalive_lost"
    assert events[2]["session"] == events[1]["session"]
    assert desk.returned == [IMEI]


async def test_modems_that_dial_in_within_one_millisecond_have_sessions_of_their_own(desk: Desk) -> None:
    at = datetime(2026, 11, 22, 11, 47, 2, 981_000, UTC).timestamp()
    for modem in (IMEI, STRANGER):
        await desk.dial_in(modem, at=at)

    sessions = [event["session"] for event in await desk.events() if event["type"] == "connected"]
    assert len(sessions) == len(set(sessions)) == 2
    assert all(len(session) <= 64 for session in sessions)


async def test_state_of_a_change_is_shown_before_its_event_is_told(desk: Desk) -> None:
    await desk.dial_in()
    desk.told.clear()

    desk.reception.receive(session_closed())
    await desk.journal.flush()

    assert desk.told[-1] == "disconnected"
    assert any("link" in line for line in desk.told[:-1])


async def test_replaced_session_leaves_the_modem_online_whichever_message_comes_first(desk: Desk) -> None:
    await desk.dial_in(generation=1)
    desk.told.clear()

    desk.reception.receive(session_closed(generation=1, reason="replaced"))
    desk.reception.receive(session_opened(generation=2))
    desk.reception.receive(session_opened(generation=3))
    desk.reception.receive(session_closed(generation=2, reason="replaced"))
    await desk.journal.flush()

    assert desk.states.get(IMEI).link == "online"
    assert not any("link" in line for line in desk.told)
    assert [event["type"] for event in (await desk.events())[2:]] == [
        "disconnected",
        "connected",
        "connected",
        "disconnected",
    ]


async def test_end_of_an_older_session_does_not_take_the_newer_one_down(desk: Desk) -> None:
    await desk.dial_in(generation=2)

    desk.reception.receive(session_closed(generation=1, reason="reset"))
    await desk.journal.flush()

    assert desk.states.get(IMEI).link == "online"
    assert desk.reception.is_present(IMEI)


async def test_stop_of_the_hub_is_no_news_and_the_modem_is_remembered_as_online(settings: Settings) -> None:
    async with make_desk(settings) as desk:
        await desk.dial_in()
        desk.reception.receive(session_closed(reason="hub_stop"))
        assert [event["type"] for event in await desk.events()] == ["registered", "connected"]

    async with make_desk(settings) as again:
        assert again.registry.get(IMEI).was_online is True


async def test_offline_is_remembered_over_a_restart(settings: Settings) -> None:
    async with make_desk(settings) as desk:
        await desk.dial_in()
        desk.reception.receive(session_closed())
        await desk.journal.flush()

    async with make_desk(settings) as again:
        assert again.registry.get(IMEI).was_online is False


async def test_values_the_modem_tells_are_shown_with_their_time(desk: Desk) -> None:
    await desk.dial_in()
    at = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    desk.reception.receive(
        ValuesSeen(
            modem=IMEI,
            generation=1,
            at=at.timestamp(),
            values={"csq": None, "temperature_c": 25, "iccid": "897019932724195983", "link": "hacked"},
        )
    )

    state = desk.states.get(IMEI)
    assert (state.csq, state.rssi_dbm, state.temperature_c, state.iccid) == (None, None, 25, "897019932724195983")
    assert (state.observed_at, state.link) == (at, "online")


async def test_traffic_adds_up(desk: Desk) -> None:
    await desk.dial_in()
    for _ in range(2):
        desk.reception.receive(Traffic(grown={IMEI: (100, 50, 1_700_000_000.0), STRANGER: (1, 1, 0.0)}))

    state = desk.states.get(IMEI)
    assert (state.rx_bytes, state.tx_bytes) == (200, 100)
    assert state.last_seen == datetime.fromtimestamp(1_700_000_000, UTC)
    assert STRANGER not in desk.states


async def test_programs_are_counted_and_told(desk: Desk) -> None:
    await desk.dial_in()
    desk.reception.receive(ClientOpened(modem=IMEI, client="c1", peer="127.0.0.1:5", at=1.0, clients=1))
    await desk.journal.flush()
    assert desk.states.get(IMEI).clients == 1

    desk.reception.receive(
        ClientClosed(
            modem=IMEI,
            client="c1",
            peer="127.0.0.1:5",
            at=2.0,
            clients=0,
            reason="stalled",
            lasted_s=1.23456,
            rx_bytes=10,
            tx_bytes=20,
        )
    )

    assert (await desk.events())[-1] == {
        "type": "client_disconnected",
        "client": "c1",
        "peer": "127.0.0.1:5",
        "reason": "stalled",
        "lasted_s": 1.235,
        "rx_bytes": 10,
        "tx_bytes": 20,
    }
    assert desk.states.get(IMEI).clients == 0


async def test_busy_port_is_a_problem_until_it_opens(desk: Desk) -> None:
    await desk.dial_in()

    desk.reception.receive(PortFailed(modem=IMEI, host="127.0.0.1", port=20000, error="address in use"))
    assert desk.states.get(IMEI).problem == "port 20000 is busy: address in use"
    assert (desk.reception.ports_listening, desk.reception.ports_busy) == (0, 1)

    desk.reception.receive(PortOpened(modem=IMEI, host="127.0.0.1", port=20000))
    assert desk.states.get(IMEI).problem is None
    assert (desk.reception.ports_listening, desk.reception.ports_busy) == (1, 0)


async def test_rejection_names_a_modem_only_when_it_is_a_known_one(desk: Desk) -> None:
    await desk.dial_in()
    for modem in (IMEI, "../../etc", None):
        desk.reception.receive(DialInRejected(reason="wrong password", peer="203.0.113.9:1", at=1.0, modem=modem))
    await desk.journal.flush()

    rejected = [event for event in await desk.journal.read(0, 100) if event.type == "rejected"]
    assert [event.modem for event in rejected] == [IMEI, None, None]


async def test_conflict_is_told_with_both_addresses(desk: Desk) -> None:
    await desk.dial_in()

    desk.reception.receive(ConflictSeen(modem=IMEI, at=1.0, peers=["203.0.113.9:1", "198.51.100.7:2"]))

    assert (await desk.events())[-1] == {"type": "imei_conflict", "peers": ["203.0.113.9:1", "198.51.100.7:2"]}


@pytest.mark.parametrize(
    "message",
    [
        session_opened(STRANGER),
        session_closed(STRANGER),
        ClientOpened(modem=STRANGER, client="c", peer="127.0.0.1:5", at=1.0, clients=1),
        ValuesSeen(modem=STRANGER, generation=1, at=1.0, values={"csq": 1}),
        PortOpened(modem=STRANGER, host="127.0.0.1", port=1),
    ],
    ids=lambda message: type(message).__name__,
)
async def test_word_of_a_modem_that_was_deleted_meanwhile_is_passed_over(desk: Desk, message: Any) -> None:
    desk.reception.receive(message)

    assert await desk.events() == []
    assert STRANGER not in desk.states


async def test_flight_recorder_is_read_through_the_door(desk: Desk) -> None:
    await desk.dial_in()
    entries = [(1.0, "<", b"\x01"), (2.0, ">", b"\x02")]

    def answer(message: ToRelay) -> None:
        if isinstance(message, ReadRing):
            desk.reception.receive(RingRead(request=message.request, modem=message.modem, entries=entries))

    desk.on_send = answer

    assert await desk.reception.read_ring(IMEI) == tuple(entries)


async def test_last_word_of_the_relay_is_heard(desk: Desk) -> None:
    assert not desk.reception.drained.is_set()

    desk.reception.receive(Drained())

    assert desk.reception.drained.is_set()


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ({"mcc": "250", "mnc": "01", "lac": 221, "cid": 14432, "neighbours": [], "raw": "x"}, "250-01-221-14432"),
        ({"raw": "what is this"}, "what is this"),
        (None, None),
    ],
)
async def test_cell_is_shown_as_one_text(desk: Desk, told: object, shown: str | None) -> None:
    await desk.dial_in()

    desk.reception.receive(ValuesSeen(modem=IMEI, generation=1, at=1.0, values={"cell": told}))

    assert desk.states.get(IMEI).cell == shown
