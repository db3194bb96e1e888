"""The server as a part of the hub: start, stop, refusal, TLS."""

import socket
import ssl
import subprocess
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from irzhub.config.settings import Settings, TlsFiles, WebSettings
from irzhub.core.exceptions import StartError
from irzhub.web import app as web_app
from irzhub.web.app import WebServer, add_routes
from irzhub.web.routes import ALL_ROUTES
from tests.web.conftest import Hub


def another(hub: Hub, where: WebSettings) -> WebServer:
    return WebServer(
        Settings(web=where),
        hub.states,
        hub.registry,
        hub.health,
        hub.metrics,
        hub.store,
        hub.services,
        hub.bus,
        hub.server._clock,
        hub.journal,
    )


def make_certificate(folder: Path, name: str = "localhost") -> TlsFiles:
    files = TlsFiles(certificate=folder / f"{name}.crt", key=folder / f"{name}.key")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(files.key), "-out", str(files.certificate), "-days", "2", "-subj", f"/CN={name}"]
    command += ["-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)
    return files


async def test_a_taken_port_is_named_with_the_setting_to_change(hub: Hub) -> None:
    with pytest.raises(StartError, match=rf"web\.port {hub.server.port} on 127\.0\.0\.1 is taken by another program"):
        async with another(hub, WebSettings(port=hub.server.port)):
            pass


async def test_a_host_of_another_machine_is_refused(hub: Hub) -> None:
    with pytest.raises(StartError, match=r"web\.host 192\.0\.2\.1 is no address of this machine"):
        async with another(hub, WebSettings(host="192.0.2.1", port=0)):
            pass


async def test_once_stopped_nothing_listens(hub: Hub) -> None:
    async with another(hub, WebSettings(port=0)) as server:
        port = server.port

    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


async def test_the_part_tells_its_address(hub: Hub) -> None:
    health = hub.health.get("web")

    assert health is not None
    assert (health.state, health.detail) == ("up", f"http://127.0.0.1:{hub.server.port}/")


async def test_beyond_loopback_without_tls_the_operator_is_warned(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    async with another(hub, WebSettings(host="0.0.0.0", port=0)) as server:
        response = await hub.http.get(f"http://127.0.0.1:{server.port}/status?lang=en")
        page = await response.text()

    assert "web.host 0.0.0.0 is served without TLS" in caplog.text
    assert "open to the network without TLS" in page


async def test_tls_is_served_and_browsers_are_told_to_stay_with_it(hub: Hub, tmp_path: Path) -> None:
    files = make_certificate(tmp_path)
    context = ssl.create_default_context(cafile=str(files.certificate))

    async with another(hub, WebSettings(port=0, tls=files)) as server, aiohttp.ClientSession() as http:
        async with http.get(f"https://127.0.0.1:{server.port}/healthz", ssl=context) as response:
            assert await response.json() == {"status": "alive"}
            assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert server.url.startswith("https://")


async def test_a_certificate_that_is_not_there_is_named(hub: Hub, tmp_path: Path) -> None:
    files = TlsFiles(certificate=tmp_path / "no.crt", key=tmp_path / "no.key")

    with pytest.raises(StartError, match=r"web\.tls: expected a PEM certificate in .*no\.crt"):
        async with another(hub, WebSettings(port=0, tls=files)):
            pass


def test_a_route_without_a_rule_cannot_be_served(monkeypatch: pytest.MonkeyPatch) -> None:
    stray = replace(ALL_ROUTES[0], path="/api/v1/stray")
    monkeypatch.setattr(web_app, "ALL_ROUTES", (*ALL_ROUTES, stray))

    with pytest.raises(RuntimeError, match="/api/v1/stray"):
        add_routes(web.Application())
