"""Asking the hub of this machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from irzhub.cli.ask import ask_hub
from irzhub.config.settings import WebSettings


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response({"/healthz": 200, "/readyz": 503}.get(self.path, 404))
        self.end_headers()
        self.wfile.write("живой".encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class has
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_every_status_is_an_answer(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert ask_hub(WebSettings(port=port), "healthz") == (200, "живой")
    assert ask_hub(WebSettings(port=port), "readyz") == (503, "живой")


def test_a_hub_on_all_addresses_is_asked_on_this_machine(port: int) -> None:
    assert ask_hub(WebSettings(host="0.0.0.0", port=port), "healthz")[0] == 200


def test_nobody_there() -> None:
    with pytest.raises(OSError, match="refused"):
        ask_hub(WebSettings(port=1), "healthz")
