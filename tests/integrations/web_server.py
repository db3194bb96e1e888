"""An HTTP server on loopback for channels that call one, and a hub that may call it."""

import contextlib
import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from irzhub.api import IntegrationHub
from irzhub.config.settings import OutboundSettings
from irzhub.fleet.ground import Ground
from irzhub.outbound.client import Outbound
from tests.test_loader import hub_with


@dataclass
class Called:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class WebServer:
    """Answers what `answers` hold, one after the other, then the last of them again.

    An answer is a status with headers and a body; None hangs up when the request has come.
    """

    url: str = ""
    answers: list[tuple[int, dict[str, str], Any] | None] = field(default_factory=lambda: [(200, {}, {"ok": True})])
    called: list[Called] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.called.append(Called(request.method, request.path_qs, dict(request.headers), await request.read()))
        told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if told is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        status, headers, body = told
        if isinstance(body, str):
            return web.Response(status=status, headers=headers, text=body)
        return web.json_response(body, status=status, headers=headers)


@contextlib.asynccontextmanager
async def web_server() -> AsyncIterator[WebServer]:
    """Run a server on 127.0.0.1."""
    told = WebServer()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", told.answer)
    async with TestServer(app) as server:
        told.url = f"http://127.0.0.1:{server.port}"
        yield told


@contextlib.asynccontextmanager
async def calling_hub(folder: Path, domain: str) -> AsyncIterator[tuple[IntegrationHub, Ground]]:
    """Give an integration a hub that may call this machine, and nothing else of it."""
    async with hub_with(folder) as (_, ground), Outbound(OutboundSettings(networks=("127.0.0.1/32",))) as outbound:
        ground = dataclasses.replace(ground, outbound=outbound)
        hub = IntegrationHub(domain, ground)
        yield hub, ground
        await hub.close()
