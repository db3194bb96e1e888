"""SMS and calls through one or more GSM modems at the hub, driven by AT commands (docs/gsm_modem.md)."""

from collections.abc import Mapping
from typing import Any

from irzhub.api import IntegrationHub, Unload

from .counter import Counter
from .desk import PhoneDesk
from .schema import SCHEMA, build_settings

__all__ = ["SCHEMA", "setup"]


async def setup(hub: IntegrationHub, config: Mapping[str, Any]) -> Unload | None:
    """Set the modems going and offer SMS and calls; a modem that is away is shown and awaited."""
    settings = build_settings(config)
    desk = PhoneDesk(hub, settings)
    await desk.start()
    Counter(hub, desk, settings.numbers).open()
    return desk.close
