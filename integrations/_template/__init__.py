"""A working example to copy: counts what modems do and shows the count beside its own health.

Copy the folder to `CONFIG/integrations/<your name>`, put that name into its manifest, and name it in irzhub.yaml:

    integrations:
      your_name: {kind: connected, every: 10s}
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from irzhub.api import Choice, Duration, Event, IntegrationHub, Unload, key

from .tally import Tally

SCHEMA: Final = {
    key("kind", "connected", "events that are counted", "какие события считать"): Choice(("connected", "gpi_changed")),
    key("every", "10s", "how often the count is shown", "как часто показывать счёт"): Duration(0.01, 3600),
}


async def setup(hub: IntegrationHub, config: Mapping[str, Any]) -> Unload | None:
    """Begin to count; what `hub` was asked for ends by itself, so there is nothing to return."""
    tally = Tally()

    def count(event: Event) -> None:
        if event.type == config["kind"]:
            tally.add(event.modem or "")

    async def keep_showing() -> None:
        while True:
            await asyncio.sleep(config["every"])
            hub.report("up", tally.shown())

    hub.subscribe(Event, count)
    hub.spawn(keep_showing(), "show")
    hub.report("up", tally.shown())
    return None
