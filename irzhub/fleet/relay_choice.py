"""Whether the relay runs in the hub's process or in workers of its own (`relay.workers`)."""

import logging
import os
from collections.abc import Callable
from typing import Final, TypeAlias

from irzhub.config.settings import Settings
from irzhub.core.clock import Clock
from irzhub.core.metrics import Metrics
from irzhub.fleet.relay_settings import build_relay_settings
from irzhub.relay.messages import ToHub
from irzhub.relay.pool import WorkerPool
from irzhub.relay.pool_note import PoolNote
from irzhub.relay.worker import Relay

_log = logging.getLogger(__name__)
AnyRelay: TypeAlias = Relay | WorkerPool
AUTO_FROM: Final = 2000
"""`auto` takes workers for more modems than this: below it they only cost memory."""


def count_workers(wanted: int | str, modems: int) -> int:
    """Return how many workers carry the traffic of so many known modems; 0: the hub's process does.

    Args:
        wanted: `relay.workers`: a number, or `auto` for one per core once more than 2,000 modems are known.
        modems: how many are in the registry.
    """
    if wanted != "auto":
        return int(wanted)
    return _count_cores() if modems > AUTO_FROM else 0


def build_relay(
    settings: Settings,
    modems: int,
    to_hub: Callable[[ToHub], None],
    clock: Clock,
    metrics: Metrics,
    on_trouble: Callable[[str], None],
    left: PoolNote | None = None,
) -> AnyRelay:
    """Return the relay for so many known modems; it is still to be entered.

    `left` is what the relay of the hub before left; its workers, if there are any, are kept.
    """
    relay_settings = build_relay_settings(settings)
    is_kept = left is not None and len(left.workers) > 0
    workers = len(left.workers) if left is not None and is_kept else count_workers(settings.relay.workers, modems)
    if workers == 0:
        if left is not None:
            left.front.close()
        return Relay(relay_settings, to_hub, clock, metrics)
    _log.info("%d worker processes carry the traffic%s", workers, ", those of the hub before" if is_kept else "")
    return WorkerPool(workers, relay_settings, to_hub, clock, metrics, on_trouble, left=left)


def _count_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
