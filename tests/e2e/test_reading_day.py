"""A day of polling, in a minute: the summary says exactly what happened, and names the one silent meter of eight."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from irzhub.bootstrap import Hub
from irzhub.codec.meters.crc import crc16
from irzhub.config.load import load_settings
from irzhub.core.clock import SystemClock
from irzhub.core.events import Event, MeterAnswering, MeterSilent
from irzhub.core.tasks import Tasks
from irzhub.storage.accounts import add_token
from tests.web.conftest import TOKENS, token_row
from tests.web.routes.whole_hub import IMEI, WholeHub, own_ports

METERS = range(1, 9)
SILENT = 5
DAY = "2026-11-21"


class DayClock(SystemClock):
    """Wall time that is put forward by hand; what is measured between two moments stays real."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead

    def put(self, hour: int) -> None:
        """Make it that hour of the day on the site's clock (three hours ahead of UTC)."""
        wanted = datetime(2026, 11, 21, tzinfo=UTC) + timedelta(hours=hour - 3, minutes=5)
        self.ahead = wanted - super().now()


class Bus:
    """Eight Modbus meters at one raw modem; `silent` ones say nothing."""

    def __init__(self) -> None:
        self.silent: set[int] = set()
        self.tasks = Tasks("bus")

    async def serve(self, port: int) -> asyncio.StreamWriter:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        hello = f"AT$IMEI={IMEI},PSW=5492,TYP=ATM,DEV=ATM21,VER=01,REV=04,BLD=022.351,HDW=2.0,SIM=0,CSQ=17,INT=485,\n"
        writer.write(hello.encode())
        await reader.readuntil(b"\r")
        self.tasks.spawn(self._answer(reader, writer), "meters")
        return writer

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while question := await reader.read(8):
            if question[0] not in self.silent:
                answer = bytes([question[0], 3, 4, 0, 1, 0, 2])
                writer.write(answer + crc16(answer).to_bytes(2, "little"))


def question(address: int) -> bytes:
    asked = bytes([address, 3, 0, 0, 0, 2])
    return asked + crc16(asked).to_bytes(2, "little")


async def poll(port: int, addresses: Any, patience_s: float = 0.3) -> Counter[int]:
    """Ask each meter once, as a polling program does; return whose answers came."""
    answered: Counter[int] = Counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for address in addresses:
        writer.write(question(address))
        try:
            async with asyncio.timeout(patience_s):
                answer = await reader.readexactly(9)
                answered[answer[0]] += 1
        except TimeoutError:
            continue
    writer.close()
    await writer.wait_closed()
    return answered


@pytest.fixture
def first() -> Iterator[int]:
    """The first of the hub's polling ports."""
    with own_ports(10) as port:
        yield port


@pytest.fixture
async def day(first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[WholeHub, DayClock]]:
    monkeypatch.setattr("irzhub.relay.pulse._POLLS_EVERY", 1)
    clock = DayClock()
    clock.put(0)
    values: dict[str, object] = {
        "hub.data_dir": str(tmp_path / "data"),
        "hub.start_grace": "0s",
        "relay.modems.host": "127.0.0.1",
        "relay.modems.port": 0,
        "relay.polling.pools": [{"host": "127.0.0.1", "first": first, "last": first + 9}],
        "mqtt.broker": "external",
        "mqtt.port": 1,
        "web.port": 0,
    }
    settings = await asyncio.to_thread(load_settings, tmp_path, {}, values)

    def add_tokens(connection: Any) -> None:
        for role, token in TOKENS.items():
            add_token(connection, token_row(role, token, role))

    async with Hub(settings, clock) as hub:
        await hub.store.write(add_tokens)
        async with aiohttp.ClientSession() as http:
            yield WholeHub(hub, http, first), clock


async def settled(hub: WholeHub, asked: int) -> dict[str, Any]:
    """Return the summary of the day once it holds so many questions."""
    async with asyncio.timeout(20):
        while True:
            summary: dict[str, Any] = (await hub.call("GET", f"/api/v1/reports/readings?day={DAY}&limit=1000")).json()
            if sum(each["asked"] for each in summary["items"]) >= asked:
                return summary
            await asyncio.sleep(0.1)


async def test_the_summary_of_a_day_is_exact_and_one_silent_meter_of_eight_is_named(
    day: tuple[WholeHub, DayClock],
) -> None:
    hub, clock = day
    events: list[Event] = []
    hub.hub.bus.subscribe(Event, events.append)
    bus = Bus()
    modem = await bus.serve(hub.hub.fleet.modem_port or 0)
    await hub.until(lambda: IMEI in hub.hub.states and hub.hub.states.get(IMEI).link == "online")
    port = hub.hub.states.get(IMEI).port or 0
    for address in METERS:
        meter = {"modem": IMEI, "type": "СЭТ-4ТМ", "serial": f"3041880{address}", "address": str(address)}
        assert (await hub.call("POST", "/api/v1/meters", meter)).status == 201
    await hub.call("POST", "/api/v1/meters", {"modem": IMEI, "serial": "30418809", "address": "9"})  # nobody asks it

    asked, answered, hours = Counter[int](), Counter[int](), range(0, 24, 2)
    for hour in hours:
        clock.put(hour)
        if hour >= 6:
            bus.silent = {SILENT}
        # The line opens half a second after the modem was answered: the first question may wait for that.
        answered += await poll(port, METERS, patience_s=0.3 if hour else 3.0)
        asked.update(METERS)
        await settled(hub, asked.total())
    modem.close()
    await bus.tasks.close()
    await hub.until(lambda: hub.hub.states.get(IMEI).link == "offline")
    await poll(port, [1], patience_s=0.1)  # the modem is away
    summary = await settled(hub, asked.total() + 1)

    items = {each["address"]: each for each in summary["items"]}
    assert {address: items[str(address)]["asked"] for address in METERS} == {**asked, 1: asked[1] + 1}
    assert {address: items[str(address)]["answered"] for address in METERS} == answered
    assert answered[SILENT] == 3
    assert items[str(SILENT)]["silent"] == len(hours) - 3
    assert items["1"]["away"] == 1
    assert (items["9"]["cause"], items["9"]["asked"]) == ("not_asked", 0)
    assert (summary["totals"]["expected"], summary["totals"]["read"]) == (9, 8)
    assert [hour for hour, value in enumerate(items[str(SILENT)]["hours"]) if value] == [0, 2, 4]
    assert [hour for hour, value in enumerate(items["2"]["hours"]) if value] == list(hours)
    silent = [event for event in events if isinstance(event, MeterSilent)]
    assert [(event.address, event.serial, event.in_vain) for event in silent] == [("5", "30418805", 4)]
    assert not any(isinstance(event, MeterAnswering) for event in events)
