"""Finds integrations, reads their manifests, sets them up and takes them down (ARCHITECTURE D9).

They lie in `CONFIG/integrations`, in the installed package, or in the checkout; a folder of the operator wins
over one of the same name that came with the hub. Each is imported by its place as `irzhub.integrations.<domain>`.
One that cannot be found, read, imported or set up is shown among the parts of the hub and skipped.
"""

import asyncio
import importlib.util
import json
import logging
import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, ModuleType, TracebackType
from typing import Any, Final, Self

from irzhub import api
from irzhub.api import IntegrationHub, Unload
from irzhub.config.settings import Settings
from irzhub.core.exceptions import IrzhubError
from irzhub.fleet.ground import Ground
from irzhub.web.ports import Registry

_log = logging.getLogger(__name__)

PACKAGE: Final = "irzhub.integrations"
FOLDER: Final = "integrations"
MANIFEST: Final = "manifest.json"
_DOMAIN: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_VERSION: Final = re.compile(r"[0-9A-Za-z.+-]{1,32}", re.ASCII)
_MANIFEST_KEYS: Final = frozenset({"domain", "name", "version", "requirements", "documentation"})
_MANIFEST_BYTES: Final = 64 * 1024
_SETUP_S: Final = 30.0
_UNLOAD_S: Final = 3.0
"""An integration that does not let go in this time is left behind: the whole hub has ten seconds to stop."""


class IntegrationBroken(IrzhubError):
    """An integration that cannot be used; the text says which file and what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an integration says of itself.

    Args:
        name: for people, by language, `en` at least. requirements: packages with versions, as pip takes them.
        documentation: its page, relative to the project or an address.
    """

    domain: str
    name: Mapping[str, str]
    version: str
    requirements: tuple[str, ...] = ()
    documentation: str = ""


def search_folders(config_dir: Path) -> tuple[Path, ...]:
    """Return where integrations are looked for, what wins first."""
    package = Path(__file__).parent
    shipped = package / FOLDER
    return (config_dir / FOLDER, shipped if shipped.is_dir() else package.parent / FOLDER)


def find_integrations(config_dir: Path) -> dict[str, Path]:
    """Return the folder of every integration by its domain; a folder without a manifest is none."""
    found: dict[str, Path] = {}
    for folder in search_folders(config_dir):
        if not folder.is_dir():
            continue
        for each in sorted(folder.iterdir()):
            if _DOMAIN.fullmatch(each.name) and (each / MANIFEST).is_file():
                found.setdefault(each.name, each)
    return found


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a folder.

    Raises:
        IntegrationBroken: it cannot be read, or says something else than a manifest does.
    """
    file = folder / MANIFEST
    try:
        with file.open("rb") as stream:
            told = json.loads(stream.read(_MANIFEST_BYTES))
    except (OSError, ValueError) as error:
        raise IntegrationBroken(f"{file}: {error}") from error
    if not isinstance(told, dict):
        raise IntegrationBroken(f"{file}: expected an object with domain, name and version")
    if unknown := told.keys() - _MANIFEST_KEYS:
        raise IntegrationBroken(
            f"{file}: unknown {', '.join(sorted(unknown))}; known: {', '.join(sorted(_MANIFEST_KEYS))}"
        )
    if told.get("domain") != folder.name:
        raise IntegrationBroken(
            f"{file}: expected domain {folder.name!r}, as the folder is called, got {told.get('domain')!r}"
        )
    return _manifest(file, told)


def _manifest(file: Path, told: dict[str, Any]) -> Manifest:
    name, version, requirements = told.get("name"), told.get("version"), told.get("requirements", [])
    if not (isinstance(name, dict) and name.get("en") and all(isinstance(each, str) for each in name.values())):
        raise IntegrationBroken(f"{file}: expected name with its `en` text, got {name!r}")
    if not (isinstance(version, str) and _VERSION.fullmatch(version)):
        raise IntegrationBroken(f"{file}: expected version such as 1.0, got {version!r}")
    if not (isinstance(requirements, list) and all(isinstance(each, str) for each in requirements)):
        raise IntegrationBroken(f"{file}: expected requirements as a list of texts")
    return Manifest(
        domain=told["domain"],
        name=MappingProxyType(dict(name)),
        version=version,
        requirements=tuple(requirements),
        documentation=str(told.get("documentation", "")),
    )


def import_integration(folder: Path) -> ModuleType:
    """Import the code in `folder` as `irzhub.integrations.<its name>`, anew where another folder had that name.

    Raises:
        IntegrationBroken: it cannot be imported, or lacks `SCHEMA` or `setup`.
    """
    name = f"{PACKAGE}.{folder.name}"
    file = folder / "__init__.py"
    known = sys.modules.get(name)
    if known is not None and known.__file__ == str(file):
        return known
    forget(folder.name)
    sys.modules.setdefault(PACKAGE, _empty_package())
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=[str(folder)])
    assert spec is not None and spec.loader is not None, "a .py file has a loader"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        for wanted in ("SCHEMA", "setup"):
            if not hasattr(module, wanted):
                raise IntegrationBroken(f"{file}: expected {wanted} in it")
    except IntegrationBroken:
        forget(folder.name)
        raise
    except Exception as error:  # the boundary: an integration is foreign code
        forget(folder.name)
        raise IntegrationBroken(f"{file}: {type(error).__name__}: {error}") from error
    return module


def forget(domain: str) -> None:
    """Have the next import of an integration read its files again."""
    name = f"{PACKAGE}.{domain}"
    for each in [module for module in sys.modules if module == name or module.startswith(f"{name}.")]:
        del sys.modules[each]


def _empty_package() -> ModuleType:
    package = ModuleType(PACKAGE, "Integrations, each imported from its own folder.")
    package.__path__ = []
    return package


class FoundSchemas:
    """The schemas of the integrations that `CONFIG` and the hub have, for reading `irzhub.yaml`."""

    def __init__(self, config_dir: Path) -> None:
        self._found = find_integrations(config_dir)

    def names(self) -> Collection[str]:
        """Return the names of all that can be set up here."""
        return tuple(self._found)

    def schema(self, name: str) -> Mapping[Any, Any] | None:
        """Return the keys that one takes; None for a broken one, which its health will tell of."""
        try:
            schema: Mapping[Any, Any] = import_integration(self._found[name]).SCHEMA
        except IntegrationBroken as error:
            _log.warning("integration %s cannot be loaded: %s", name, error)
            return None
        return schema


@dataclass(slots=True)
class _Loaded:
    """One integration that works: the settings it has and what ends it."""

    config: Mapping[str, Any]
    hub: IntegrationHub
    unload: Unload | None


class Integrations:
    """The optional parts of a hub, set up in the order in which they are written; a broken one harms nobody."""

    def __init__(self, ground: Ground, registry: Registry | None = None) -> None:
        self._ground = ground
        self._registry = registry
        self._loaded: dict[str, _Loaded] = {}
        self._wanted: Mapping[str, Mapping[str, Any]] = {}

    async def __aenter__(self) -> Self:
        await self.reload(self._ground.settings)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for domain in reversed(tuple(self._loaded)):
            await self._take_down(domain)

    def __contains__(self, domain: object) -> bool:
        return domain in self._loaded

    async def reload(self, settings: Settings) -> None:
        """Have those integrations, with those settings, that `settings` name; who stays the same is not touched."""
        wanted = settings.integrations
        found = await asyncio.to_thread(find_integrations, settings.config_dir)
        for domain in [each for each, loaded in self._loaded.items() if wanted.get(each) != loaded.config]:
            await self._take_down(domain)
        for domain in self._wanted.keys() - wanted.keys():
            self._ground.health.forget(domain)
        self._wanted = wanted
        for domain, config in wanted.items():
            if domain not in self._loaded:
                await self._set_up(domain, found.get(domain), config)

    async def _set_up(self, domain: str, folder: Path | None, config: Mapping[str, Any]) -> None:
        hub = IntegrationHub(domain, self._ground, self._registry)
        hub.report("starting")
        try:
            if folder is None:
                raise IntegrationBroken("there is no such integration, see docs/integrations.md")
            manifest = await asyncio.to_thread(read_manifest, folder)
            module = await asyncio.to_thread(import_integration, folder)
            async with asyncio.timeout(_SETUP_S):
                unload = await module.setup(hub, config)
        except Exception as error:  # noqa: BLE001 - the boundary: an integration is foreign code, the hub goes on
            await hub.close()
            hub.report("down", _why(error))
            if not isinstance(error, IntegrationBroken | api.SetupFailed):
                _log.error("integration %s failed in its setup", domain, exc_info=error)
            return
        self._loaded[domain] = _Loaded(config, hub, unload)
        if self._ground.health.is_starting(domain):
            hub.report("up")
        _log.info("integration %s %s is set up", domain, manifest.version)

    async def _take_down(self, domain: str) -> None:
        loaded = self._loaded.pop(domain)
        try:
            async with asyncio.timeout(_UNLOAD_S):
                if loaded.unload is not None:
                    await loaded.unload()
        except Exception as error:  # noqa: BLE001 - the same boundary at the other end
            _log.error("integration %s did not unload well: %s", domain, _why(error))
        await loaded.hub.close()


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it took too long"
    return str(error) if isinstance(error, IrzhubError) else f"{type(error).__name__}: {error}"
