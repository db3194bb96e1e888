"""When the traffic is worth processes of its own."""

import os

import pytest

from irzhub.config.settings import ModemsSettings, RelayConfig, Settings
from irzhub.core.clock import SystemClock
from irzhub.core.metrics import Metrics
from irzhub.fleet.relay_choice import AUTO_FROM, build_relay, count_workers
from irzhub.relay.pool import WorkerPool
from irzhub.relay.worker import Relay

CORES = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("wanted", "modems", "workers"),
    [(0, 50_000, 0), (3, 0, 3), ("auto", 0, 0), ("auto", AUTO_FROM, 0), ("auto", AUTO_FROM + 1, CORES)],
)
def test_the_number_of_workers(wanted: int | str, modems: int, workers: int) -> None:
    assert count_workers(wanted, modems) == workers


@pytest.mark.parametrize(("workers", "kind"), [(0, Relay), (2, WorkerPool)])
async def test_the_relay_is_one_object_or_a_pool(workers: int, kind: type) -> None:
    settings = Settings(relay=RelayConfig(modems=ModemsSettings(host="127.0.0.1", port=0), workers=workers))

    relay = build_relay(settings, 0, lambda _: None, SystemClock(), Metrics(), lambda _: None)

    assert type(relay) is kind
