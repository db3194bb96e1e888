"""Modems made, approved, turned away, deleted and replaced by hand."""

import dataclasses

import pytest

from irzhub.config.settings import Settings
from irzhub.core.exceptions import UnknownModem
from irzhub.fleet.lifecycle import CannotDo
from irzhub.relay.orders import DecideRegistration, KickModem, RemoveModem
from irzhub.storage.inputs import InputRow
from tests.fleet.conftest import IMEI, Desk, make_desk, registration

NEW = "868441036775299"


async def knocks(desk: Desk, modem: str = IMEI) -> DecideRegistration:
    """Have an unknown modem dial in; return the hub's word."""
    await desk.registrar.decide(registration(modem))
    return desk.last_sent(DecideRegistration)


async def types(desk: Desk) -> list[str]:
    return [event["type"] for event in await desk.events()]


async def test_a_modem_made_in_advance_has_its_port_before_it_dials(desk: Desk) -> None:
    row = dataclasses.replace(desk.registrar.new_row(IMEI, IMEI, None, "irz"), name="Котельная 7", port=20002)

    placed = await desk.lifecycle.create(row)

    assert (placed.host, placed.port) == ("127.0.0.1", 20002)
    state = desk.states.get(IMEI)
    assert (state.link, state.name, state.address) == ("offline", "Котельная 7", "127.0.0.1:20002")
    assert await types(desk) == ["registered"]


@pytest.mark.parametrize(
    ("modem", "port", "code"), [(IMEI, 0, "already_known"), (NEW, 20000, "port_taken"), (NEW, 20000, "port_taken")]
)
async def test_what_is_taken_cannot_be_made_again(desk: Desk, modem: str, port: int, code: str) -> None:
    await desk.dial_in()

    with pytest.raises(CannotDo) as refusal:
        await desk.lifecycle.create(dataclasses.replace(desk.registrar.new_row(modem, modem, None, "irz"), port=port))

    assert refusal.value.code == code


async def test_an_approved_modem_is_let_in_at_its_next_call(settings: Settings) -> None:
    modems = dataclasses.replace(settings.relay.modems, unknown_modems="quarantine")
    strict = dataclasses.replace(settings, relay=dataclasses.replace(settings.relay, modems=modems))
    async with make_desk(strict) as desk:
        assert await knocks(desk) == DecideRegistration(
            request=1, accepted=False, reason="quarantined: waits for approval"
        )

        placed = await desk.lifecycle.approve(IMEI)

        assert placed.port == 20000
        assert desk.registry.quarantined() == []
        assert (await knocks(desk)).accepted
        with pytest.raises(UnknownModem):
            await desk.lifecycle.approve(IMEI)


async def test_a_rejected_modem_is_turned_away_until_it_is_forgiven(settings: Settings) -> None:
    modems = dataclasses.replace(settings.relay.modems, unknown_modems="quarantine")
    strict = dataclasses.replace(settings, relay=dataclasses.replace(settings.relay, modems=modems))
    async with make_desk(strict) as desk:
        await knocks(desk)
        await desk.lifecycle.reject(IMEI, "anna")

        assert (await knocks(desk)).reason == "an operator turned it away"
        assert desk.registry.quarantined() == []
    async with make_desk(strict) as desk:
        assert (await knocks(desk)).reason == "an operator turned it away", "it lasts over a restart"
        assert await desk.lifecycle.unblock(IMEI)
        assert not await desk.lifecycle.unblock(IMEI)
        assert (await knocks(desk)).reason == "quarantined: waits for approval"


async def test_a_deleted_modem_says_goodbye_and_may_come_again(desk: Desk) -> None:
    await desk.dial_in()

    await desk.lifecycle.delete(IMEI, by="anna", keeps_port=False, is_blocked=False)

    assert desk.last_sent(RemoveModem) == RemoveModem(modem=IMEI)
    assert IMEI not in desk.states
    events = await desk.events()
    assert [event["type"] for event in events] == ["registered", "connected", "disconnected", "deleted"]
    assert events[2]["reason"] == "deleted"
    assert events[3]["by"] == "anna"
    assert (await knocks(desk, NEW)).accepted
    assert desk.registry.get(NEW).port == 20000, "its port was free"


async def test_a_kept_port_waits_for_its_modem(settings: Settings) -> None:
    async with make_desk(settings) as desk:
        await desk.dial_in()
        await desk.lifecycle.delete(IMEI, by="anna", keeps_port=True, is_blocked=False)
    async with make_desk(settings) as desk:
        await desk.dial_in(NEW)
        assert desk.registry.get(NEW).port == 20001
        await desk.dial_in()
        assert desk.registry.get(IMEI).port == 20000
        assert desk.registry.all_former() == []


async def test_a_blocked_modem_stays_out(desk: Desk) -> None:
    await desk.dial_in()
    await desk.lifecycle.delete(IMEI, by="anna", keeps_port=False, is_blocked=True)

    assert (await knocks(desk)).reason == "an operator turned it away"


async def test_a_replacement_has_all_that_its_predecessor_had(settings: Settings) -> None:
    async with make_desk(settings) as desk:
        await desk.dial_in()
        door = InputRow(IMEI, 1, "Дверь", normal="OFF")
        await desk.registry.edit(IMEI, name="Котельная 7", group="Север", inputs={1: door})
        desk.states.update(IMEI, rx_bytes=500, name="Котельная 7")
        desk.pins_seen((1, False, True))
        await desk.journal.flush()

        placed = await desk.lifecycle.replace(IMEI, NEW, NEW, by="anna", discard=False)

        assert (placed.port, placed.name, placed.group, placed.password) == (20000, "Котельная 7", "Север", None)
        assert desk.registry.inputs(NEW)[1].name == "Дверь"
        state = desk.states.get(NEW)
        assert (state.imei, state.link, state.rx_bytes, state.gpi) == (NEW, "offline", 500, {1: "ON"})
        assert IMEI not in desk.states
        assert (await types(desk))[-2:] == ["disconnected", "modem_replaced"]
        assert desk.registry.lineage(NEW) == (NEW, IMEI)
    async with make_desk(settings) as desk:
        assert (await knocks(desk)).reason == "it was replaced by another modem"
        await desk.dial_in(NEW)
        assert desk.registry.get(NEW).port == 20000
        assert desk.registry.inputs(NEW)[1].name == "Дверь"


async def test_a_replacement_that_dialled_in_already_gives_its_own_port_back(desk: Desk) -> None:
    await desk.dial_in()
    await desk.dial_in(NEW)

    await desk.lifecycle.replace(IMEI, NEW, NEW, by="anna", discard=False)

    assert desk.registry.get(NEW).port == 20000
    assert not desk.registry.ports.is_taken("127.0.0.1", 20001)


async def test_a_modem_in_use_replaces_nobody_unless_it_is_said(desk: Desk) -> None:
    await desk.dial_in()
    await desk.dial_in(NEW)
    await desk.registry.edit(NEW, name="Школа")

    with pytest.raises(CannotDo) as refusal:
        await desk.lifecycle.replace(IMEI, NEW, NEW, by="anna", discard=False)
    assert refusal.value.code == "in_use"
    assert IMEI in desk.registry

    await desk.lifecycle.replace(IMEI, NEW, NEW, by="anna", discard=True)
    assert desk.registry.get(NEW).name == ""


async def test_only_a_connected_modem_can_be_kicked(desk: Desk) -> None:
    assert not desk.lifecycle.kick(IMEI)
    await desk.dial_in()

    assert desk.lifecycle.kick(IMEI)
    assert desk.last_sent(KickModem) == KickModem(modem=IMEI)
