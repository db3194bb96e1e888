"""The process of the broker for a trial."""

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from irzhub.mqtt.amqtt_child import broker_configuration
from tests.mosquitto import free_port
from tests.mqtt.reader import Reader

COMMAND = [sys.executable, "-m", "irzhub.mqtt.amqtt_child"]


def words(folder: Path, port: int) -> dict[str, Any]:
    store = str(folder / "retained.db")
    return {"host": "127.0.0.1", "port": port, "username": None, "password": None, "store": store}


@pytest.mark.parametrize(("host", "bind"), [("127.0.0.1", "127.0.0.1:1883"), ("::1", "[::1]:1883")])
def test_it_listens_where_it_is_told(tmp_path: Path, host: str, bind: str) -> None:
    configuration = broker_configuration(words(tmp_path, 1883) | {"host": host})
    assert configuration["listeners"]["default"]["bind"] == bind
    assert len(configuration["plugins"]) == 2


async def test_it_serves_until_sigterm_and_ends_well(tmp_path: Path) -> None:
    port = free_port()
    child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert child.stdin is not None
        child.stdin.write(json.dumps(words(tmp_path, port)) + "\n")
        child.stdin.close()
        async with Reader(port, version=MQTTProtocolVersion.MQTTv311) as reader:
            reader.publish("hello", "world", retain=True)
            await reader.message("hello", "world")
        child.terminate()
        assert await asyncio.to_thread(child.wait, 10) == 0
    finally:
        child.kill()
        child.wait(5)
        assert child.stderr is not None
        child.stderr.close()


def test_a_busy_port_is_said(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        line = json.dumps(words(tmp_path, other.getsockname()[1])) + "\n"
        child = subprocess.run(COMMAND, input=line, capture_output=True, text=True, check=False, timeout=20)

    assert child.returncode == 1
    assert "address already in use" in child.stderr
