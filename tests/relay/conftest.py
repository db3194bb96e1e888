"""What passes bytes is tried on both loops: the hub runs on uvloop, and must run on the standard one."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
import uvloop

_ON_BOTH_LOOPS = frozenset(
    {
        "test_acceptor.py",
        "test_channel.py",
        "test_channel_pressure.py",
        "test_conflict.py",
        "test_dial_in.py",
        "test_polling_port.py",
        "test_program.py",
        "test_session.py",
        "test_worker.py",
    }
)


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]] | None:
    """Run each test of these files twice; None leaves the others to the common rule."""
    if item.path.name in _ON_BOTH_LOOPS:
        return {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.new_event_loop}
    return None
