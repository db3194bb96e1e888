"""An ordinary day in a fleet: links that are lost and come back, meters that fall silent and answer again."""

from irzhub.simulator.faults import FitfulMeter, PoorLinks, some_fitful
from irzhub.simulator.fleet import Fleet
from irzhub.simulator.meters import EchoMeter
from irzhub.simulator.options import ModemOptions
from tests.simulator.scripted_hub import ScriptedHub


def test_a_fitful_meter_is_silent_for_a_while_and_answers_again() -> None:
    meter = FitfulMeter(EchoMeter("990000000000006"), answers_s=10, silent_s=20)

    told = [meter.receive(b"read", now) for now in (100.0, 109.9, 110.0, 129.9, 130.0)]

    assert told == [[(0.0, b"read")], [(0.0, b"read")], [], [], [(0.0, b"read")]]


def test_one_meter_in_twelve_is_fitful() -> None:
    make = some_fitful(EchoMeter)

    made = [make(f"9900000000{number:05d}") for number in range(24)]

    assert sum(isinstance(meter, FitfulMeter) for meter in made) == 2
    assert sum(isinstance(meter, EchoMeter) for meter in made) == 22


async def test_some_links_are_lost_and_come_back() -> None:
    async with ScriptedHub() as hub, Fleet("127.0.0.1", hub.port, 16, options=ModemOptions()) as fleet:
        await fleet.wait_online()
        poor = PoorLinks(fleet, away_s=(0.05, 0.05))
        poor._lose(fleet.modems[7])
        await fleet.modems[7].wait_for("waiting")
        await fleet.wait_online()

        assert [modem.counts.dials for modem in fleet.modems] == [1] * 7 + [2] + [1] * 8
        before = len(fleet.runtime.wheel)
        poor.begin()
        assert len(fleet.runtime.wheel) == before + 3, "two weak links, and one modem that leaves"
