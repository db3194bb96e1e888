"""`python -m irzhub.mqtt.amqtt_child`: the broker for a trial, when no Mosquitto is installed.

It runs as a process of its own, because 10,000 retained messages keep its loop busy for seconds. One line
of JSON on standard input says where to listen, who may come in and where retained messages are kept.
"""

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Mapping
from typing import Any, Final

from amqtt.errors import BrokerError

from irzhub.mqtt.amqtt_fixes import FixedBroker

_PLUGINS: Final = "irzhub.mqtt.amqtt_fixes"
_KEEPALIVE_GRACE_S: Final = 10  # amqtt cuts at the keepalive itself, the standard allows half as much again


def broker_configuration(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return amqtt's configuration for `host`, `port`, `username`, `password` and `store` (a path)."""
    host = words["host"]
    bind = f"[{host}]:{words['port']}" if ":" in host else f"{host}:{words['port']}"
    return {
        "listeners": {"default": {"type": "tcp", "bind": bind}},
        "timeout_disconnect_delay": _KEEPALIVE_GRACE_S,
        "plugins": {
            f"{_PLUGINS}.OneUserPlugin": {"username": words["username"], "password": words["password"]},
            f"{_PLUGINS}.RetainedPlugin": {"store": words["store"]},
        },
    }


async def serve(words: Mapping[str, Any]) -> None:
    """Run the broker until SIGTERM or SIGINT.

    Raises:
        amqtt.errors.BrokerError: it cannot listen.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    broker = FixedBroker(broker_configuration(words))
    await broker.start()
    await stop.wait()
    await broker.shutdown()


def main() -> None:
    """Read the one line and serve."""
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(message)s")
    words = json.loads(sys.stdin.readline())
    try:
        asyncio.run(serve(words))
    except BrokerError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
