"""Sessions that another hub saw begin live on under this one, and nobody is told of them anew."""

import logging

import pytest

from irzhub.config.settings import Settings
from irzhub.relay.messages import ClientLives, Resynced, SessionLives, WakeWanted
from irzhub.relay.orders import RemoveModem
from tests.fleet.conftest import IMEI, Desk, make_desk, session_closed


def lives(modem: str = IMEI, *, has_reported: bool = True, opened_at: float = 1000.0) -> SessionLives:
    """A session since `opened_at`, the first of its modem."""
    return SessionLives(
        modem=modem,
        generation=1,
        opened_at=opened_at,
        peer="203.0.113.9:40000",
        rx_bytes=0,
        tx_bytes=0,
        last_byte_at=opened_at,
        has_reported=has_reported,
    )


async def test_a_session_goes_on_under_the_same_id_and_without_an_event(settings: Settings) -> None:
    async with make_desk(settings) as desk:
        await desk.dial_in()
        desk.pins_seen((1, False, False))
        await desk.journal.flush()
        before = await desk.events()
    async with make_desk(settings) as desk:
        await desk.registry.load()
        await restore(desk)
        desk.reception.receive(lives())
        desk.reception.receive(ClientLives(modem=IMEI, client="c", peer="p", at=1.0, clients=2))
        desk.reception.receive(Resynced(missed=0))
        desk.pins_seen((1, False, True))
        await desk.journal.flush()

        assert desk.returned == [IMEI]
        assert desk.reception.is_present(IMEI)
        told = (await desk.events())[len(before) :]
        assert [(event["type"], event.get("source")) for event in told] == [("gpi_changed", "report")]

        desk.reception.receive(session_closed(generation=1))
        await desk.journal.flush()
        assert (await desk.events())[-1]["session"] == f"{IMEI}-{1_000_000:x}-1"


async def test_a_first_report_that_no_hub_heard_is_compared_with_what_was_known(settings: Settings) -> None:
    async with make_desk(settings) as desk:
        await desk.dial_in()
        desk.pins_seen((1, False, False))
        await desk.journal.flush()
    async with make_desk(settings) as desk:
        await desk.registry.load()
        await restore(desk)
        desk.reception.receive(lives(has_reported=False))
        desk.pins_seen((1, False, True))
        await desk.journal.flush()
        assert (await desk.events())[-1]["source"] == "inferred"


async def test_a_session_whose_beginning_was_lost_is_told(desk: Desk) -> None:
    await desk.dial_in()
    desk.reception.receive(session_closed())
    await desk.journal.flush()
    desk.reception.receive(lives(opened_at=2000.0))
    await desk.journal.flush()
    assert [event["type"] for event in await desk.events()][-1] == "connected"
    assert desk.states.get(IMEI).link == "online"


async def test_a_modem_that_was_deleted_in_the_last_moment_is_sent_away(desk: Desk) -> None:
    desk.reception.receive(lives("868441036775999"))
    assert desk.last_sent(RemoveModem).modem == "868441036775999"
    assert not desk.reception.is_present("868441036775999")


async def test_what_was_too_much_is_said(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        desk.reception.receive(Resynced(missed=10_001))
    assert "10001 messages came while no hub was there" in caplog.text


async def restore(desk: Desk) -> None:
    """Bring back the pins and the states, as the fleet does at its start."""
    from irzhub.fleet.picture import restore_seen_at, restore_state
    from irzhub.storage.pins import load_pins

    rows = await desk.store.read(load_pins)
    for row in desk.registry:
        known = desk.pins.restore(row.modem, [pin for pin in rows if pin.modem == row.modem], restore_seen_at(row))
        desk.states.add(restore_state(row, "address", known))


@pytest.mark.parametrize(
    ("offline", "peer", "is_present", "is_wanted"),
    [
        ("wake", "10.1.2.3:4001", False, True),
        ("wake", "10.1.2.3:4001", True, False),
        ("wake", "10.9.2.3:4001", False, False),
        ("accept", "10.1.2.3:4001", False, False),
    ],
    ids=["waits", "the modem is there", "only reads", "waits for no wake"],
)
async def test_a_program_that_waited_for_a_sleeping_modem_waits_on(
    settings: Settings, offline: str, peer: str, is_present: bool, is_wanted: bool
) -> None:
    async with make_desk(settings) as desk:
        wanted: list[WakeWanted] = []
        desk.reception.on_wake = wanted.append
        await desk.dial_in()
        await desk.registry.edit(IMEI, overrides={"offline": offline, "sharing": {"observers": ["10.9.0.0/16"]}})
        if not is_present:
            desk.reception.receive(session_closed())
        desk.reception.receive(ClientLives(modem=IMEI, client="c", peer=peer, at=1.0, clients=1))
        desk.reception.receive(ClientLives(modem="868441036775999", client="c", peer=peer, at=1.0, clients=1))
        assert [(each.modem, each.client) for each in wanted] == ([(IMEI, "c")] if is_wanted else [])
