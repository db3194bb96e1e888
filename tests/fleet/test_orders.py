"""Every command against a real relay and a simulated modem: it succeeds, is refused, is not answered, is cut off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from irzhub.codec.irz.commands import NAMES, REPEATABLE
from irzhub.codec.irz.templates import KNOWN
from irzhub.config.settings import (
    AskIntervals,
    CommandSettings,
    HubSettings,
    JobSettings,
    ModemsSettings,
    PollingSettings,
    PortPool,
    RelayConfig,
    Settings,
)
from irzhub.core.events import CommandFinished
from irzhub.core.services import CommandOutcome, ModemCommand
from irzhub.simulator.commands import CommandMishap, Misdeed
from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from irzhub.storage.commands import purge_commands
from tests.fleet.test_fleet import Running, running

FIRST = 27200


@dataclass(frozen=True)
class Case:
    """One command: its arguments, how its body begins on the wire, and what of a good outcome is looked at."""

    name: str
    args: dict[str, Any]
    begins: bytes
    good: dict[str, Any]

    @property
    def is_repeatable(self) -> bool:
        return self.name in REPEATABLE

    @property
    def is_question(self) -> bool:
        return self.begins.startswith(b"\x40")

    @property
    def hangs_up(self) -> bool:
        return self.name in ("change_sim", "standby", "reboot")


CASES = [
    Case("signal", {}, b"\x40\x01", {"csq": 21, "rssi_dbm": -71}),
    Case("pins", {}, b"\x40\x02", {}),
    Case("cell", {}, b"\x40\x04", {}),
    Case("temperature", {}, b"\x40\x05", {"temperature_c": 25}),
    Case("iccid", {}, b"\x40\x0b", {"iccid": "897019932724195983"}),
    Case("set_output", {"output": 4, "on": True}, b"$gp4=1", {"text": "OK"}),
    Case("pulse", {"output": 4}, b"$gp4=1", {"text": "OK"}),
    Case("ussd", {"code": "*100#"}, b"$ussd=0*100#", {"text": "Баланс 120"}),
    Case("change_sim", {}, b"$sim", {"text": "OK"}),
    Case("standby", {}, b"$wait", {"text": "OK"}),
    Case("port_speed", {"baud": 9600}, b"$ipr=9600", {"text": "OK"}),
    Case("reset_counter", {"counter": 2}, b"$del c2", {"text": "OK"}),
    Case("reboot", {}, b"$reboot", {"hung_up": True}),
    Case("raw", {"text": "$dcd=1"}, b"$dcd=1", {"text": "OK"}),
]


@dataclass(frozen=True)
class Expected:
    """How a command must end: status, how often it was sent, and a part of the error."""

    status: str
    attempts: int
    error: str = ""


def expected(case: Case, misdeed: Misdeed | None, times: int) -> Expected:
    """Return how a command ends whose first `times` tries meet a misdeed: the rules of docs/commands.md."""
    if misdeed is None:
        return Expected("ok", 1)
    if misdeed == "refuse" and case.name == "raw":
        return Expected("ok", 1)  # whatever the modem says to raw bytes is the answer
    if misdeed == "refuse" and not case.is_question:
        return Expected("error", 1, "the modem refused: ERROR")
    if misdeed.startswith("cut") and case.hangs_up:
        return Expected("ok", 1)  # that is how these answer
    if case.is_repeatable:
        return Expected("ok", 2) if times == 1 else Expected("error", 2, "2 times tried")
    return Expected("error", 1, "nobody knows whether it was carried out")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A small hub on loopback that asks modems nothing by itself and does not wait long."""
    ZoneInfo(HubSettings().time_zone)  # read from the disk before there is a loop
    return Settings(
        hub=HubSettings(data_dir=tmp_path, start_grace_s=1.0),
        relay=RelayConfig(
            modems=ModemsSettings(
                host="127.0.0.1", port=0, ask=AskIntervals(pins_s=None, signal_s=None, temperature_s=None)
            ),
            polling=PollingSettings(pools=(PortPool(host="127.0.0.1", first=FIRST, last=FIRST + 50),)),
        ),
        commands=CommandSettings(answer_timeout_s=1.0, retry_pause_s=0.05),
        jobs=JobSettings(return_within_s=3.0),
    )


@dataclass
class Rig:
    """A running fleet with one simulated modem for each command."""

    hub: Running
    modems: dict[str, SimulatedModem]

    async def run(self, case: Case, **changes: Any) -> CommandOutcome:
        now = self.hub.ground.clock.now()
        command = ModemCommand(
            modem=self.modems[case.name].imei, command=case.name, args=case.args, expires_at=now + timedelta(seconds=20)
        )
        return await self.hub.fleet.orders.commands.run(replace(command, **changes))

    def finished(self, case: Case) -> list[CommandFinished]:
        imei = self.modems[case.name].imei
        return [each for each in self.hub.events if isinstance(each, CommandFinished) and each.modem == imei]


@asynccontextmanager
async def rig_of(settings: Settings, cases: list[Case]) -> AsyncIterator[Rig]:
    async with running(settings) as hub:
        for name in KNOWN:
            await hub.fleet.orders.templates.change(name, "test", is_enabled=True)
        hub.fleet.orders.commands.limits = replace(hub.fleet.orders.commands.limits, ussd_timeout_s=1.0)
        options = ModemOptions(
            command_delay_s=(0.0, 0.01), reconnect_s=(0.1, 0.2), reboot_s=(0.1, 0.2), ussd="Баланс 120"
        )
        assert hub.modem_port
        modems = {
            case.name: SimulatedModem("127.0.0.1", hub.modem_port, str(868_000_000_000_000 + number), options)
            for number, case in enumerate(cases)
        }
        for modem in modems.values():
            modem.start()
        try:
            await until(lambda: sum(bool(each.cell and each.iccid) for each in hub.ground.states) == len(cases))
            yield Rig(hub, modems)
        finally:
            for modem in modems.values():
                await modem.stop()


async def until(condition: Any, within_s: float = 15.0) -> None:
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.01)


def test_every_command_is_here() -> None:
    assert [case.name for case in CASES] == list(NAMES) or {case.name for case in CASES} == set(NAMES)


@pytest.mark.parametrize(
    ("misdeed", "times"),
    [
        (None, 0),
        ("refuse", 2),
        ("silence", 1),
        ("silence", 2),
        ("cut_before", 1),
        ("cut_before", 2),
        ("cut_after", 1),
        ("cut_amid", 1),
        ("cut_amid", 2),
    ],
)
async def test_every_command_ends_as_it_must(settings: Settings, misdeed: Misdeed | None, times: int) -> None:
    async with rig_of(settings, CASES) as rig:
        for case in CASES:
            if misdeed is not None:
                rig.modems[case.name].command_mishaps = [CommandMishap(case.begins, misdeed)] * times

        outcomes = await asyncio.gather(*(rig.run(case) for case in CASES))
        await rig.hub.ground.journal.flush()

        told = {}
        for case, outcome in zip(CASES, outcomes, strict=True):
            (event,) = rig.finished(case)
            told[case.name] = Expected(event.status, event.attempts, outcome.error or "")
            assert (event.status, event.error) == (outcome.status, outcome.error)
            if outcome.status == "ok" and misdeed is None:
                assert {key: outcome.data.get(key) for key in case.good} == case.good
        for case in CASES:
            wanted = expected(case, misdeed, times)
            got = told[case.name]
            assert (case.name, got.status, got.attempts) == (case.name, wanted.status, wanted.attempts)
            assert wanted.error in got.error, case.name


async def test_a_command_for_an_absent_modem_is_sent_once_on_its_return(settings: Settings) -> None:
    cases = [case for case in CASES if case.name in ("signal", "pulse", "raw")]
    async with rig_of(settings, cases) as rig:
        for modem in rig.modems.values():
            modem.switch_off()
        await until(lambda: all(state.link == "offline" for state in rig.hub.ground.states))
        commands = {name: modem.counts.commands for name, modem in rig.modems.items()}
        waiting = [asyncio.get_running_loop().create_task(rig.run(case)) for case in cases]
        await asyncio.sleep(0.1)
        assert {name: modem.counts.commands for name, modem in rig.modems.items()} == commands

        for modem in rig.modems.values():
            modem.start()

        assert [outcome.status for outcome in await asyncio.gather(*waiting)] == ["ok"] * 3
        await rig.hub.ground.journal.flush()
        assert [rig.finished(case)[-1].attempts for case in cases] == [1] * 3


async def test_standby_takes_a_modem_away_until_it_is_called(settings: Settings) -> None:
    cases = [case for case in CASES if case.name in ("standby", "change_sim")]
    async with rig_of(settings, cases) as rig:
        sleeper, changer = rig.modems["standby"], rig.modems["change_sim"]
        before = rig.hub.ground.states.get(changer.imei).iccid

        assert [(await rig.run(case)).status for case in cases] == ["ok", "ok"]

        await until(lambda: sleeper.state == "standby")
        await until(lambda: rig.hub.ground.states.get(changer.imei).iccid not in (None, before))
        assert rig.hub.ground.states.get(changer.imei).sim == 2
        assert rig.hub.ground.states.get(sleeper.imei).link == "offline"
        sleeper.wake()
        await until(lambda: rig.hub.ground.states.get(sleeper.imei).link == "online")


async def test_an_output_is_confirmed_by_its_own_pin_read_back(settings: Settings) -> None:
    cases = [case for case in CASES if case.name == "set_output"]
    async with rig_of(settings, cases) as rig:
        imei = rig.modems["set_output"].imei

        assert (await rig.run(cases[0])).status == "ok"
        await until(lambda: rig.hub.fleet.outputs(imei)[4].state == "confirmed")

        assert rig.hub.ground.states.get(imei).gpo[4] == "ON"


async def test_what_people_want_goes_before_what_runs_in_the_background(settings: Settings) -> None:
    cases = [case for case in CASES if case.name == "signal"]
    async with rig_of(settings, cases) as rig:
        modem = rig.modems["signal"]
        modem.options = replace(modem.options, command_delay_s=(0.1, 0.1))
        order: list[str] = []

        async def run(name: str, priority: Any) -> None:
            await rig.run(cases[0], priority=priority)
            order.append(name)

        tasks = [asyncio.get_running_loop().create_task(run(f"background {n}", "background")) for n in range(3)]
        await asyncio.sleep(0.05)
        tasks.append(asyncio.get_running_loop().create_task(run("manual", "manual")))
        await asyncio.gather(*tasks)

        assert order == ["background 0", "manual", "background 1", "background 2"]


async def test_old_commands_are_removed(settings: Settings) -> None:
    cases = [case for case in CASES if case.name == "signal"]
    async with rig_of(settings, cases) as rig:
        await rig.run(cases[0])
        await rig.hub.ground.journal.flush()
        orders = rig.hub.fleet.orders
        assert await orders.purge() == 0

        later = rig.hub.ground.clock.now() + timedelta(seconds=1)
        assert await rig.hub.ground.store.write(lambda connection: purge_commands(connection, later, 10)) == 1
        assert await orders.commands.page() == []
