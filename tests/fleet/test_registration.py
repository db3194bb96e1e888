"""Unknown modems: registered with an open port for good, quarantined, or turned away."""

import asyncio
import dataclasses

import pytest

from irzhub.config.settings import RegisterLimit, Settings
from irzhub.relay.messages import PortFailed, PortOpened, ToRelay
from irzhub.relay.orders import DecideRegistration, PutModem, RemoveModem
from tests.fleet.conftest import IMEI, Desk, make_desk, registration, session_opened


def with_modems(settings: Settings, **changes: object) -> Settings:
    """Return settings with other `relay.modems`."""
    modems = dataclasses.replace(settings.relay.modems, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(settings, relay=dataclasses.replace(settings.relay, modems=modems))


async def test_new_modem_gets_the_lowest_port_and_is_told_in_order(desk: Desk) -> None:
    await desk.dial_in()

    assert desk.last_sent(PutModem).settings.port == 20000
    assert desk.last_sent(DecideRegistration) == DecideRegistration(request=1, accepted=True)
    assert [line for line in desk.told if not line.startswith("state")] == ["registered", "connected"]
    assert desk.told[0].startswith("state")
    assert desk.states.get(IMEI).address == "127.0.0.1:20000"
    assert desk.states.get(IMEI).link == "online"


async def test_port_is_open_before_registered_is_told(desk: Desk) -> None:
    desk.on_send = None
    deciding = asyncio.get_running_loop().create_task(desk.registrar.decide(registration()))
    while not desk.sent:
        await asyncio.sleep(0)
    await desk.journal.flush()

    assert desk.told == []

    desk.reception.receive(PortOpened(modem=IMEI, host="127.0.0.1", port=20000))
    await deciding

    assert "registered" in desk.told


async def test_port_that_another_program_holds_is_passed_over(desk: Desk) -> None:
    def refuse_first(message: ToRelay) -> None:
        if isinstance(message, PutModem):
            port = message.settings.port
            answer = (
                PortFailed(modem=IMEI, host="127.0.0.1", port=port, error="address in use")
                if port == 20000
                else PortOpened(modem=IMEI, host="127.0.0.1", port=port)
            )
            desk.reception.receive(answer)

    desk.on_send = refuse_first
    await desk.registrar.decide(registration())

    assert desk.registry.get(IMEI).port == 20001
    assert (await desk.events())[0] == {
        "type": "registered",
        "port": 20001,
        "model": "ATM21",
        "peer": "203.0.113.9:40000",
    }


async def test_modem_is_forgotten_again_when_no_port_can_be_opened(desk: Desk) -> None:
    desk.on_send = lambda message: (
        desk.reception.receive(PortFailed(modem=IMEI, host="", port=0, error="address in use"))
        if isinstance(message, PutModem)
        else None
    )

    await desk.registrar.decide(registration())

    assert IMEI not in desk.registry
    assert desk.last_sent(RemoveModem).modem == IMEI
    assert desk.last_sent(DecideRegistration).accepted is False
    assert await desk.events() == []
    assert desk.registry.quarantined()[0].reason == "no free polling port is left"


async def test_used_up_pools_lead_to_quarantine_without_port_or_state(desk: Desk) -> None:
    for number in range(3):
        await desk.registrar.decide(registration(f"86844103677523{number}", request=number))

    await desk.registrar.decide(registration("868441036775299", request=9))

    decision = desk.last_sent(DecideRegistration)
    assert (decision.accepted, decision.reason) == (False, "quarantined: no free polling port is left")
    assert "868441036775299" not in desk.states
    assert [entry.modem for entry in desk.registry.quarantined()] == ["868441036775299"]


async def test_two_dial_ins_of_one_new_modem_take_one_port(desk: Desk) -> None:
    await asyncio.gather(desk.registrar.decide(registration(request=1)), desk.registrar.decide(registration(request=2)))

    decisions = [message for message in desk.sent if isinstance(message, DecideRegistration)]
    assert sorted((decision.request, decision.accepted) for decision in decisions) == [(1, True), (2, True)]
    assert len(desk.registry) == 1
    assert [event["type"] for event in await desk.events()] == ["registered"]


@pytest.mark.parametrize(
    ("policy", "reason"), [("reject", "unknown modem"), ("quarantine", "quarantined: waits for approval")]
)
async def test_policy_for_unknown_modems(settings: Settings, policy: str, reason: str) -> None:
    async with make_desk(with_modems(settings, unknown_modems=policy)) as desk:
        await desk.registrar.decide(registration())

        decision = desk.last_sent(DecideRegistration)
        assert (decision.accepted, decision.reason) == (False, reason)
        assert len(desk.registry) == 0
        assert len(desk.registry.quarantined()) == (policy == "quarantine")


@pytest.mark.parametrize(("given", "accepted"), [("secret", True), ("Secret", False), (None, False), ("", False)])
async def test_required_password_is_asked_of_new_modems_too(
    settings: Settings, given: str | None, accepted: bool
) -> None:
    async with make_desk(with_modems(settings, password="secret")) as desk:
        await desk.registrar.decide(registration(password=given))

        assert desk.last_sent(DecideRegistration).accepted is accepted


async def test_register_limit_quarantines_what_comes_beyond_it(settings: Settings) -> None:
    limited = with_modems(settings, register_limit=RegisterLimit(count=2, period_s=60))
    async with make_desk(limited) as desk:
        for number in range(3):
            await desk.registrar.decide(registration(f"86844103677523{number}", request=number))

        assert len(desk.registry) == 2
        assert desk.registry.quarantined()[0].reason == "too many new modems from its network"


async def test_first_password_seen_is_pinned_as_a_digest_and_survives_a_restart(settings: Settings) -> None:
    async with make_desk(settings) as desk:
        await desk.dial_in()
        pinned = desk.registry.get(IMEI).password
        assert pinned is not None
        assert pinned.startswith("sha256:")

    async with make_desk(settings) as again:
        assert again.registry.get(IMEI).password == pinned
        assert again.registry.get(IMEI).port == 20000


async def test_modem_without_a_password_is_pinned_when_it_first_gives_one(desk: Desk) -> None:
    await desk.registrar.decide(registration(password=None))
    assert desk.registry.get(IMEI).password is None

    desk.reception.receive(session_opened(password="7777"))
    while len(desk.tasks):
        await asyncio.sleep(0.001)

    pinned = desk.registry.get(IMEI).password
    assert pinned is not None
    assert desk.last_sent(PutModem).settings.password == pinned


async def test_quarantine_keeps_a_thousand_and_no_row(settings: Settings) -> None:
    async with make_desk(with_modems(settings, unknown_modems="quarantine")) as desk:
        for number in range(1100):
            await desk.registrar.decide(registration(f"{868441036000000 + number}", request=number))

        assert len(desk.registry.quarantined()) == 1000
        assert desk.registry.quarantined()[-1].modem == "868441036001099"
        assert len(desk.registry) == 0
        assert await desk.events() == []
