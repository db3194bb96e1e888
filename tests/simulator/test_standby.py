"""A modem that sleeps: what wakes it, where it dials, when it sleeps again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.standby import WakeSms, read_sms
from tests.simulator.scripted_hub import ScriptedHub

IMEI = "868441036775234"
SLEEPER = ModemOptions(command_delay_s=(0, 0), reconnect_s=(0.05, 0.05), sleeps=True)


@pytest.fixture
async def hub() -> AsyncIterator[ScriptedHub]:
    async with ScriptedHub() as hub:
        yield hub


@asynccontextmanager
async def sleeper(hub: ScriptedHub, options: ModemOptions = SLEEPER) -> AsyncIterator[SimulatedModem]:
    modem = SimulatedModem("127.0.0.1", hub.port, IMEI, options)
    modem.start()
    try:
        yield modem
    finally:
        await modem.stop()


async def test_it_dials_only_when_it_is_called_and_may_say_why(hub: ScriptedHub) -> None:
    async with sleeper(hub, replace(SLEEPER, tells_cause=True)) as modem:
        assert modem.state == "standby"
        assert modem.standby.ring()
        line = await hub.line()
        assert line.hello.endswith(b"INT=485+232,TIM=CALL,\n")
        await modem.wait_for("online")


async def test_an_sms_ends_standby_and_another_begins_it(hub: ScriptedHub) -> None:
    async with sleeper(hub) as modem:
        assert modem.standby.receive("5492 wait off")
        line = await hub.line()
        assert b"TIM=" not in line.hello
        await modem.wait_for("online")
        assert modem.standby.receive("5492 wait on")
        await modem.wait_for("standby")
        assert await line.hears_end()


async def test_an_sms_calls_it_to_another_server_for_some_time(hub: ScriptedHub) -> None:
    async with ScriptedHub() as other, sleeper(hub, replace(SLEEPER, encapsulated=False)) as modem:
        modem.standby.receive(f"5492 IP127.0.0.1:{other.port}TIME5IRZ,ENC")
        assert b"COLPROT=1.3" in (await other.line()).hello
        assert hub.lines == []
        await modem.wait_for("online")
        modem.standby.sleep()
        await modem.wait_for("standby")
        modem.standby.ring()
        assert b"COLPROT" not in (await hub.line()).hello


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (SLEEPER, "1234 wait off"),
        (SLEEPER, "5492 reboot"),
        (SLEEPER, "5492 IP203.0.113.9:5009TIME5IRZ"),
        (replace(SLEEPER, wakes_on=frozenset({"call"})), "5492 wait off"),
    ],
    ids=["password", "another matter", "not this machine", "not by sms"],
)
async def test_other_sms_arrive_and_wake_nobody(hub: ScriptedHub, options: ModemOptions, text: str) -> None:
    async with sleeper(hub, options) as modem:
        assert modem.standby.receive(text)
        await asyncio.sleep(0.05)
        assert modem.state == "standby"
        assert modem.standby.texts == [text]


async def test_a_modem_that_is_off_has_no_phone(hub: ScriptedHub) -> None:
    modem = SimulatedModem("127.0.0.1", hub.port, IMEI, SLEEPER)
    assert (modem.standby.ring(), modem.standby.receive("5492 wait off"), modem.standby.rings) == (False, False, 0)
    await modem.stop()


async def test_a_call_that_toggles_sends_it_to_sleep_again(hub: ScriptedHub) -> None:
    async with sleeper(hub, replace(SLEEPER, call_toggles=True)) as modem:
        modem.standby.ring()
        await modem.wait_for("online")
        modem.standby.ring()
        await modem.wait_for("standby")


async def test_it_sleeps_again_when_nobody_asks_its_meter(hub: ScriptedHub) -> None:
    async with sleeper(hub, replace(SLEEPER, awake_s=0.3)) as modem:
        modem.standby.ring()
        line = await hub.line()
        await modem.wait_for("online")
        began = asyncio.get_running_loop().time()
        await asyncio.sleep(0.15)
        line.says("C8CACBCCCD01000501080027C00D0A")
        await modem.wait_for("standby")
        assert asyncio.get_running_loop().time() - began > 0.4


async def test_after_a_lost_link_it_dials_again_by_itself(hub: ScriptedHub) -> None:
    async with sleeper(hub) as modem:
        modem.standby.ring()
        await modem.wait_for("online")
        modem.drop()
        await hub.line(1)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("5492 wait on", WakeSms("sleep")),
        ("5492 wait off1", WakeSms("dial")),
        ("5492 IP127.0.0.1:5009TIME60IRZ", WakeSms("visit", "127.0.0.1", 5009, 60)),
        ("5492 IPhub.example.ru:5009TIME0IRZ,ENC", WakeSms("visit", "hub.example.ru", 5009, 0, True)),
        ("5492 IP127.0.0.1:70000TIME60IRZ", None),
        ("5492 IP127.0.0.1:5009TIME256IRZ", None),
        ("5492 wait", None),
        ("5492wait off", None),
        ("", None),
    ],
)
def test_what_an_sms_asks(text: str, asked: WakeSms | None) -> None:
    assert read_sms(text, "5492") == asked
