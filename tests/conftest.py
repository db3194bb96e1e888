"""What holds for every test: the loop the hub runs on, nothing blocks it, and nothing is left behind."""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import hypothesis
import pytest
import uvloop
from blockbuster import BlockBuster

ROOT = Path(__file__).parent.parent
LEFT_BEHIND_S = float(os.environ.get("IRZHUB_TEST_PATIENCE", "3"))
"""How long threads and children of a test may need to end after it."""
_OF_THE_LOOP = ("asyncio_", "uvloop_")
"""Threads of a loop's default executor, which live as long as their loop."""

hypothesis.settings.register_profile("dev", max_examples=50, deadline=None)
hypothesis.settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("long", max_examples=5000, deadline=None)  # pytest --hypothesis-profile long
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run on uvloop, as the hub does; `IRZHUB_TEST_LOOP=asyncio` runs all on the standard loop instead."""
    if os.environ.get("IRZHUB_TEST_LOOP") == "asyncio":
        return {"asyncio": asyncio.new_event_loop}
    return {"uvloop": uvloop.new_event_loop}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Watch the tasks of every asynchronous test; the others have no loop to watch."""
    for item in items:
        if isinstance(item, pytest.Function) and asyncio.iscoroutinefunction(item.obj):
            item.fixturenames.insert(0, "no_task_survives")


@pytest.fixture(autouse=True)
def no_blocking_call() -> Iterator[None]:
    """Fail when code of the hub makes a blocking call on the loop (files, sleep, sockets, locks)."""
    guard = BlockBuster("irzhub")
    # A trace in the log reads source files; it is written when something is wrong already.
    for function in ("os.stat", "io.TextIOWrapper.read", "io.BufferedReader.read"):
        if function in guard.functions:
            guard.functions[function].can_block_in("linecache.py", {"updatecache", "checkcache", "getlines"})
    guard.activate()
    try:
        yield
    finally:
        guard.deactivate()


@pytest.fixture(autouse=True)
def nothing_survives() -> Iterator[None]:
    """Fail when a test leaves a thread or a child process that was not there before it."""
    threads, children = set(threading.enumerate()), _children()
    yield
    deadline = time.monotonic() + LEFT_BEHIND_S
    while True:
        left_threads = [
            each
            for each in threading.enumerate()
            if each not in threads and not each.daemon and not each.name.startswith(_OF_THE_LOOP)
        ]
        left_children = _children() - children
        if not left_threads and not left_children:
            return
        if time.monotonic() > deadline:
            pytest.fail(f"left behind: threads {left_threads}, child processes {sorted(left_children)}")
        time.sleep(0.02)  # noqa: TID251 - no loop runs here any more


@pytest.fixture
async def no_task_survives() -> AsyncIterator[None]:
    """Fail when a task that `Tasks.spawn` started is still there after the test and its fixtures."""
    yield
    deadline = time.monotonic() + LEFT_BEHIND_S
    while left := [task.get_name() for task in asyncio.all_tasks() if ":" in task.get_name()]:
        if time.monotonic() > deadline:
            pytest.fail(f"left behind: tasks {left}")
        await asyncio.sleep(0.02)


def _children() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        try:
            found.update(int(pid) for pid in (task / "children").read_text().split())
        except FileNotFoundError:
            continue  # the thread has ended since
    return found
