"""A real pseudo terminal with a simulated modem behind it, and a small hub with the integration on top of it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import integrations.gsm_modem  # noqa: F401 - all of it, so that its times can be shortened
from integrations.gsm_modem.at import Urc
from integrations.gsm_modem.link import ModemLink
from integrations.gsm_modem.port import open_port
from irzhub.config.load import load_settings
from irzhub.core.events import Event
from irzhub.core.health import PartHealth
from irzhub.core.services import GSM_MODEMS, Delivery, DeliveryOutcome, GsmModemList, GsmModemView, delivery_on
from irzhub.fleet.ground import Ground
from irzhub.loader import PACKAGE, FoundSchemas, Integrations
from irzhub.simulator.gsm_firmware import GsmFirmware
from irzhub.simulator.gsm_modem import GsmModem
from irzhub.storage.phone import PhoneOrder, page_phone_orders
from tests.test_loader import hub_with

TO = "+79211234567"
SHORT: dict[str, object] = {
    "link.QUIET_S": 0.02,
    "link.PROMPT_S": 0.5,
    "link.SETTLE_S": 0.2,
    "modem._PAUSES_S": (0.05, 0.1),
    "modem._SIM_AGAIN_S": 0.1,
    "modem._SEARCH_S": 0.1,
    "modem._USSD_S": 0.5,
    "startup._LOOK_S": 0.05,
    "startup._RESET_S": 0.5,
    "startup._SIM_S": 0.5,
    "calling._LOOK_S": 0.02,
    "counter._UNTAKEN_S": 1.0,
    "counter._PERSON_RING_S": 0.2,
    "desk._TIDY_S": 0.05,
}
"""Seconds, by the module and name of the constant."""


async def until(claim: Callable[[], Any], within_s: float = 10.0) -> None:
    """Wait until a claim holds."""
    async with asyncio.timeout(within_s):
        while not claim():
            await asyncio.sleep(0.01)


@dataclass
class Line:
    """A link to a simulated modem, and what was heard on it."""

    link: ModemLink
    modem: GsmModem
    heard: list[Urc] = field(default_factory=list)

    @property
    def firmware(self) -> GsmFirmware:
        return self.modem.firmware


@asynccontextmanager
async def line_to(modem: GsmModem) -> AsyncIterator[Line]:
    """Open the terminal of a modem and read from it."""
    heard: list[Urc] = []
    link = ModemLink(await open_port(modem.path, 115200), heard.append)
    reading = asyncio.get_running_loop().create_task(link.keep_reading())
    try:
        yield Line(link, modem, heard)
    finally:
        link.close()
        await asyncio.wait((reading,), timeout=2)


@pytest.fixture
async def modem(tmp_path: Path) -> AsyncIterator[GsmModem]:
    """A modem that was just plugged in, under a stable name."""
    async with GsmModem(GsmFirmware(), tmp_path / "usb-modem") as made:
        yield made


@pytest.fixture
async def line(modem: GsmModem) -> AsyncIterator[Line]:
    """An open line to it, without echo."""
    async with line_to(modem) as made:
        await made.link.run("ATE0")
        yield made


def shorten(patch: pytest.MonkeyPatch, package: str) -> None:
    """Have less waited for people, radio and power than in the field, in the integration that is imported so."""
    for name, value in SHORT.items():
        place, _, attribute = name.rpartition(".")
        patch.setattr(sys.modules[f"{package}.{place}"], attribute, value)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less in every test of a single module."""
    shorten(monkeypatch, "integrations.gsm_modem")


@dataclass
class Desk:
    """A hub with the integration, set up as an operator would."""

    ground: Ground
    loaded: Integrations
    events: list[Event] = field(default_factory=list)

    @property
    def health(self) -> PartHealth:
        found = self.ground.health.get("gsm_modem")
        assert found is not None
        return found

    async def tell(self, text: str = "Дверь открыта", to: str = TO, **about: Any) -> DeliveryOutcome:
        """Send one notification, as the outbox does, once it is known how the modems are: starting takes its time."""
        await until(lambda: self.health.state != "starting", 30.0)
        return await self.ground.services.call(delivery_on("sms"), Delivery(id="01", to=to, text=text, **about))

    def patch(self, patch: pytest.MonkeyPatch, name: str, value: object) -> None:
        """Change a constant of the integration as the hub has imported it: `module.NAME`."""
        place, _, attribute = name.rpartition(".")
        patch.setattr(sys.modules[f"{PACKAGE}.gsm_modem.{place}"], attribute, value)

    async def views(self) -> tuple[GsmModemView, ...]:
        """Return how the modems are."""
        return await self.ground.services.call(GSM_MODEMS, GsmModemList())

    async def is_ready(self, within_s: float = 10.0) -> None:
        """Wait until all modems are."""
        await until(lambda: self.health.state == "up" and self.health.detail, within_s)

    async def orders(self, kind: str = "sms") -> list[PhoneOrder]:
        """Return what the store has, from new to old."""
        await self.ground.store.write(lambda _: None)  # behind all that was written before
        return await self.ground.store.read(
            lambda connection: page_phone_orders(connection, kind, status=None, modem=None, before=None, limit=100)
        )


@asynccontextmanager
async def desk_with(folder: Path, settings: str) -> AsyncIterator[Desk]:
    """Run a small hub with `integrations.gsm_modem` set to these words of YAML."""
    read = await asyncio.to_thread(_read, folder, settings)
    with pytest.MonkeyPatch.context() as patch:
        shorten(patch, f"{PACKAGE}.gsm_modem")
        async with hub_with(folder, gsm_modem=read) as (loaded, ground):
            assert "gsm_modem" in loaded, ground.health.get("gsm_modem")
            desk = Desk(ground, loaded)
            ground.bus.subscribe(Event, desk.events.append)
            yield desk


def _read(folder: Path, settings: str) -> dict[str, Any]:
    (folder / "irzhub.yaml").write_text(f"integrations:\n  gsm_modem: {settings}\n")
    return dict(load_settings(folder, {}, schemas=FoundSchemas(folder)).integrations["gsm_modem"])
