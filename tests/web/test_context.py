"""Each server has its own context, also when two run in one process."""

from dataclasses import replace

from irzhub.config.settings import HubSettings, Settings, WebSettings
from irzhub.web.app import WebServer
from tests.web.conftest import Hub


async def test_two_servers_do_not_share_their_hub(hub: Hub) -> None:
    settings = replace(Settings(web=WebSettings(port=0)), hub=HubSettings(id="reserve"))
    parts = (hub.states, hub.registry, hub.health, hub.metrics, hub.store, hub.services, hub.bus, hub.server._clock)

    async with WebServer(settings, *parts, hub.journal) as server, hub.http.get(f"{server.url}status") as response:
        other = await response.text()
    own = (await hub.get("/status", token=None)).text

    assert "irzhub reserve</title>" in other
    assert "irzhub main</title>" in own
