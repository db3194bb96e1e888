"""A fleet of hundreds against a hub written by hand."""

import asyncio

import pytest

from irzhub.simulator.fleet import Fleet, loopback_sources, raise_descriptor_limit, varied_options
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.runtime import Runtime
from tests.simulator.scripted_hub import ScriptedHub

QUICK = ModemOptions(reconnect_s=(0.05, 0.2), command_delay_s=(0, 0))


async def test_five_hundred_dial_in_with_an_imei_each_and_leave_together() -> None:
    runtime = Runtime(seed=1)
    async with ScriptedHub() as hub:
        options = varied_options(runtime, base=QUICK)
        async with Fleet("127.0.0.1", hub.port, 500, options=options, runtime=runtime) as fleet:
            await fleet.wait_online(timeout_s=20)

            counts = fleet.counts()
            assert (counts.online, counts.never_online, counts.sums.dials) == (500, 0, 500)
            hellos = [line.hello for line in hub.lines]
            assert len({hello.partition(b",")[0] for hello in hellos}) == 500
            assert sum(b"COLPROT" in hello for hello in hellos) == 250
        assert {modem.state for modem in fleet.modems} == {"off"}
        assert all([await line.hears_end() for line in hub.lines])


async def test_storm_drops_all_and_all_return() -> None:
    async with ScriptedHub() as hub, Fleet("127.0.0.1", hub.port, 50, options=QUICK) as fleet:
        await fleet.wait_online()
        fleet.storm(within_s=0.1)
        await (await hub.line(99)).hears_nothing(0.01)
        await fleet.wait_online()

        assert {modem.counts.dials for modem in fleet.modems} == {2}


async def test_ramp_spreads_the_dials() -> None:
    async with ScriptedHub() as hub, Fleet("127.0.0.1", hub.port, 20, options=QUICK, ramp_per_s=40) as fleet:
        await asyncio.sleep(0.1)
        assert 1 <= fleet.online <= 12
        assert await fleet.wait_online() > 0.2


async def test_inputs_change_only_once_the_hub_knows_the_pins() -> None:
    async with ScriptedHub() as hub, Fleet("127.0.0.1", hub.port, 2, options=QUICK, gpi_every_s=0.05) as fleet:
        await fleet.wait_online()
        told, untold = await hub.line(0), await hub.line(1)
        told.says("C8CACBCCCD0C00030040020D0A")
        assert await told.hears(17) == "C8CACBCCCD0C00070140028080" + "80C00D0A"
        assert (await told.hears(17)).startswith("C8CACBCCCD0C0007014002")

        assert await untold.hears_nothing(0.2)
        changed = {change.imei for change in fleet.runtime.truth.changes}
        assert [imei.encode() in told.hello for imei in changed] == [True]
        assert all(change.sent for change in fleet.runtime.truth.changes)


async def test_a_changed_input_changes_back_where_that_is_wanted() -> None:
    async with ScriptedHub() as hub:
        fleet = Fleet("127.0.0.1", hub.port, 1, options=QUICK, gpi_every_s=0.1, returns_s=(0.02, 0.02))
        async with fleet:
            await fleet.wait_online()
            modem = fleet.modems[0]
            modem.was_asked_for_pins = True
            async with asyncio.timeout(5):
                while fleet.runtime.truth.count < 1:
                    await asyncio.sleep(0.01)
                fleet.stop_changes()
                while fleet.runtime.truth.count % 2 or any(modem.pins.is_high(pin) for pin in (1, 2, 3)):
                    await asyncio.sleep(0.01)
        assert fleet.runtime.truth.count >= 2


async def test_missing_modems_are_named() -> None:
    async with ScriptedHub(answer=None) as hub, Fleet("127.0.0.1", hub.port, 3, options=QUICK) as fleet:
        with pytest.raises(TimeoutError, match=r"expected 3 modems online within .* 868000000000000 is greeting"):
            await fleet.wait_online(timeout_s=0.2)


@pytest.mark.parametrize(
    ("host", "count", "sources"),
    [
        ("127.0.0.1", 20_000, (None,)),
        ("127.0.0.1", 20_001, ("127.0.0.2", "127.0.0.3")),
        ("localhost", 60_001, ("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5")),
        ("192.0.2.1", 100_000, (None,)),
        ("hub.example.ru", 100_000, (None,)),
    ],
)
def test_more_sources_only_where_loopback_needs_them(host: str, count: int, sources: tuple[str | None, ...]) -> None:
    assert loopback_sources(host, count) == sources


async def test_dials_from_the_source_address_it_was_given() -> None:
    async with ScriptedHub() as hub:
        fleet = Fleet("127.0.0.1", hub.port, 1, options=QUICK)
        fleet.modems[0]._source = "127.0.0.7"
        async with fleet:
            await fleet.wait_online()
            assert (await hub.line()).writer.get_extra_info("peername")[0] == "127.0.0.7"


def test_too_many_files_are_refused_before_anything_opens() -> None:
    with pytest.raises(OSError, match="1000000000000 are needed: raise"):
        raise_descriptor_limit(1_000_000_000_000)


async def test_inputs_rest_when_told_while_links_live_on() -> None:
    async with ScriptedHub() as hub, Fleet("127.0.0.1", hub.port, 1, options=QUICK, gpi_every_s=0.01) as fleet:
        await fleet.wait_online()
        (await hub.line()).says("C8CACBCCCD0C00030040020D0A")
        async with asyncio.timeout(5):
            while not fleet.runtime.truth.count:
                await asyncio.sleep(0.01)
        fleet.stop_changes()
        rested = fleet.runtime.truth.count
        await asyncio.sleep(0.2)

        assert fleet.runtime.truth.count == rested
        assert fleet.online == 1
