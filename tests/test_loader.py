"""Integrations are found, set up, reloaded and taken down; a broken one is shown and harms nobody."""

import asyncio
import dataclasses
import json
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from irzhub.config.load import load_settings
from irzhub.config.settings import HubSettings, Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.events import ModemConnected
from irzhub.core.exceptions import ConfigError
from irzhub.core.health import Health, PartHealth
from irzhub.core.metrics import Metrics
from irzhub.core.services import SMS_SEND, Services
from irzhub.core.state import StateStore
from irzhub.fleet.ground import Ground
from irzhub.journal.journal import Journal
from irzhub.loader import (
    PACKAGE,
    FoundSchemas,
    IntegrationBroken,
    Integrations,
    find_integrations,
    import_integration,
    read_manifest,
)
from irzhub.storage.local import LocalStore
from tests.conftest import ROOT

GOOD = """
from irzhub.api import SMS_SEND, SmsOutcome, key, Text

SCHEMA = {key("word", "hello", "a word", "слово"): Text()}
TRACE = []

async def setup(hub, config):
    async def send(message):
        return SmsOutcome(status="sent", error=config["word"])
    hub.offer(SMS_SEND, send)
    TRACE.append("up " + config["word"])
    async def unload():
        TRACE.append("down " + config["word"])
    return unload
"""


@pytest.fixture(autouse=True)
def nothing_stays_imported() -> Iterator[None]:
    """Drop what a test imported."""
    yield
    for name in [each for each in sys.modules if each.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]


def put(config_dir: Path, domain: str, code: str = GOOD, /, **manifest: object) -> Path:
    """Write an integration into CONFIG/integrations and return its folder."""
    folder = config_dir / "integrations" / domain
    folder.mkdir(parents=True)
    told = {"domain": domain, "name": {"en": domain}, "version": "1.0"} | manifest
    (folder / "manifest.json").write_text(json.dumps(told))
    (folder / "__init__.py").write_text(code)
    return folder


@asynccontextmanager
async def hub_with(config_dir: Path, **integrations: dict[str, object]) -> AsyncIterator[tuple[Integrations, Ground]]:
    """Run the integrations of a small hub."""
    settings = Settings(config_dir=config_dir, hub=HubSettings(data_dir=config_dir / "data"), integrations=integrations)
    bus, clock, metrics = Bus(), SystemClock(), Metrics()
    health, store = Health(bus), LocalStore(config_dir / "data")
    async with store, Journal(store, bus, clock, health, metrics) as journal:
        ground = Ground(
            settings=settings,
            store=store,
            journal=journal,
            bus=bus,
            states=StateStore(bus),
            services=Services(),
            health=health,
            metrics=metrics,
            clock=clock,
        )
        async with Integrations(ground) as loaded:
            yield loaded, ground


def health_of(ground: Ground, domain: str) -> PartHealth:
    """Return how an integration is."""
    found = ground.health.get(domain)
    assert found is not None
    return found


async def test_an_integration_is_set_up_and_unloaded(tmp_path: Path) -> None:
    put(tmp_path, "door")
    async with hub_with(tmp_path, door={"word": "hi"}) as (loaded, ground):
        assert "door" in loaded
        assert health_of(ground, "door").state == "up"
        assert ground.services.offers(SMS_SEND)
        trace = sys.modules[f"{PACKAGE}.door"].TRACE

    assert trace == ["up hi", "down hi"]
    assert not ground.services.offers(SMS_SEND)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import there_is_no_such_module", "ModuleNotFoundError: No module named 'there_is_no_such_module'"),
        ("def broken(:", "SyntaxError"),
        ("SCHEMA = {}", "expected setup in it"),
        ("SCHEMA = {}\nasync def setup(hub, config):\n    raise KeyError('port')", "KeyError: 'port'"),
        (
            "from irzhub.api import SetupFailed as Bad\nSCHEMA = {}\nasync def setup(a, b):\n  raise Bad('no port')",
            "no port",
        ),
        ("SCHEMA = {}\nasync def setup(hub, config):\n    hub.offer(None, None)", "AttributeError"),
    ],
    ids=["import", "syntax", "no setup", "raises", "refuses", "misuses"],
)
async def test_a_broken_one_is_shown_and_skipped(tmp_path: Path, code: str, why: str) -> None:
    put(tmp_path, "broken", code)
    put(tmp_path, "door")
    async with hub_with(tmp_path, broken={}, door={"word": "hi"}) as (loaded, ground):
        assert "broken" not in loaded
        assert "door" in loaded
        assert health_of(ground, "broken").state == "down"
        assert why in health_of(ground, "broken").detail


async def test_what_a_failed_setup_took_is_given_back(tmp_path: Path) -> None:
    code = GOOD.replace('    TRACE.append("up "', '    raise OSError("no port")\n    TRACE.append("up "')
    put(tmp_path, "door", code)
    async with hub_with(tmp_path, door={"word": "hi"}) as (_, ground):
        assert not ground.services.offers(SMS_SEND)


async def test_a_setup_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irzhub.loader._SETUP_S", 0.05)
    put(tmp_path, "slow", "import asyncio\nSCHEMA = {}\nasync def setup(hub, config):\n    await asyncio.sleep(60)")
    async with hub_with(tmp_path, slow={}) as (_, ground):
        assert health_of(ground, "slow").detail == "it took too long"


async def test_an_unload_that_fails_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    put(tmp_path, "door", GOOD.replace('TRACE.append("down " + config["word"])', "raise OSError('stuck')"))
    with caplog.at_level(logging.ERROR):
        async with hub_with(tmp_path, door={"word": "hi"}):
            pass

    assert "integration door did not unload well: OSError: stuck" in caplog.text


async def test_a_reload_touches_only_what_changed(tmp_path: Path) -> None:
    put(tmp_path, "door")
    put(tmp_path, "gate", GOOD.replace("    hub.offer(SMS_SEND, send)\n", ""))
    async with hub_with(tmp_path, door={"word": "one"}, gate={"word": "same"}) as (loaded, ground):
        door, gate = sys.modules[f"{PACKAGE}.door"].TRACE, sys.modules[f"{PACKAGE}.gate"].TRACE
        changed = dataclasses.replace(ground.settings, integrations={"door": {"word": "two"}, "gate": {"word": "same"}})
        await loaded.reload(changed)
        assert door == ["up one", "down one", "up two"]
        assert gate == ["up same"]

        await loaded.reload(dataclasses.replace(changed, integrations={"gate": {"word": "same"}}))
        assert "door" not in loaded
        assert ground.health.get("door") is None


async def test_the_template_works_as_it_is_copied(tmp_path: Path) -> None:
    folder = put(tmp_path, "tally_of_mine", (ROOT / "integrations" / "_template" / "__init__.py").read_text())
    (folder / "tally.py").write_text((ROOT / "integrations" / "_template" / "tally.py").read_text())
    async with hub_with(tmp_path, tally_of_mine={"kind": "connected", "every": 0.01}) as (_, ground):
        ground.journal.append(
            ModemConnected(ts=ground.clock.now(), modem="868441036775234", session="1", peer="127.0.0.1:1")
        )
        async with asyncio.timeout(5):
            while health_of(ground, "tally_of_mine").detail != "1 events of 1 modems":
                await asyncio.sleep(0.01)


def test_a_folder_of_the_operator_wins(tmp_path: Path) -> None:
    mine = put(tmp_path, "smtp")

    assert find_integrations(tmp_path)["smtp"] == mine
    assert "_template" not in find_integrations(tmp_path)


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        ({"domain": "window"}, "expected domain 'door', as the folder is called, got 'window'"),
        ({"name": "Door"}, "expected name with its `en` text, got 'Door'"),
        ({"version": None}, "expected version such as 1.0, got None"),
        ({"requirements": "serialx"}, "expected requirements as a list of texts"),
        ({"after": []}, "unknown after; known: documentation, domain, name, requirements, version"),
    ],
    ids=["domain", "name", "version", "requirements", "unknown"],
)
def test_a_wrong_manifest_says_what_is_wrong(tmp_path: Path, manifest: dict[str, object], why: str) -> None:
    folder = put(tmp_path, "door", GOOD, **manifest)
    with pytest.raises(IntegrationBroken) as error:
        read_manifest(folder)

    assert str(error.value) == f"{folder / 'manifest.json'}: {why}"


def test_the_same_name_elsewhere_is_imported_anew(tmp_path: Path) -> None:
    first = import_integration(put(tmp_path / "a", "door"))
    second = import_integration(put(tmp_path / "b", "door", GOOD.replace("hello", "bye")))

    assert first is not second
    assert import_integration(tmp_path / "b" / "integrations" / "door") is second


def test_settings_of_integrations_are_judged_with_their_line(tmp_path: Path) -> None:
    put(tmp_path, "door")
    (tmp_path / "irzhub.yaml").write_text("integrations:\n  door:\n    wrod: hi\n    word: 5\n  dor: {}\n")
    with pytest.raises(ConfigError) as error:
        load_settings(tmp_path, {}, schemas=FoundSchemas(tmp_path))

    file = tmp_path / "irzhub.yaml"
    assert str(error.value).splitlines()[1:] == [
        f"  {file}, line 5: integrations.dor: unknown integration; did you mean `door`?",
        f"  {file}, line 3: integrations.door.wrod: unknown key; did you mean `word`?",
        f"  {file}, line 4: integrations.door.word: expected a text, in quotes, came 5",
    ]


def test_defaults_and_the_environment_reach_an_integration(tmp_path: Path) -> None:
    put(tmp_path, "door")
    (tmp_path / "irzhub.yaml").write_text("integrations: {door: null}\n")
    schemas = FoundSchemas(tmp_path)

    assert load_settings(tmp_path, {}, schemas=schemas).integrations == {"door": {"word": "hello"}}
    assert load_settings(tmp_path, {"IRZHUB__INTEGRATIONS__DOOR__WORD": "0123"}, schemas=schemas).integrations == {
        "door": {"word": "0123"}
    }


def test_a_broken_one_does_not_spoil_the_settings_of_others(tmp_path: Path) -> None:
    put(tmp_path, "broken", "import there_is_no_such_module")
    (tmp_path / "irzhub.yaml").write_text("integrations: {broken: {any: thing}}\n")

    assert load_settings(tmp_path, {}, schemas=FoundSchemas(tmp_path)).integrations == {"broken": {"any": "thing"}}
