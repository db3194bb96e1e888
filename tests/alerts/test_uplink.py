"""Whether the hub's own uplink works, asked of real sockets on this machine."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from irzhub.alerts.uplink import UplinkWatch, answers, gateway_of
from irzhub.core.bus import Bus
from irzhub.core.health import Health
from irzhub.core.tasks import Tasks

ROUTES = (
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n"
    "eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\n"
    "eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\n"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize(
    ("routes", "gateway"),
    [
        (ROUTES, "192.168.0.1"),
        (ROUTES.replace("\t0003\t", "\t0001\t"), None),
        (ROUTES.splitlines()[0], None),
        ("", None),
    ],
    ids=["one", "no gateway", "no route", "nothing"],
)
def test_the_default_gateway_stands_in_the_routes(routes: str, gateway: str | None) -> None:
    assert gateway_of(routes) == gateway


async def test_who_accepts_and_who_refuses_are_both_there() -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        assert await answers("127.0.0.1", server.sockets[0].getsockname()[1]) is True
    assert await answers("127.0.0.1", free_port()) is True


async def test_who_says_nothing_may_be_there_and_who_cannot_be_reached_is_not() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        full = [socket.socket() for _ in range(4)]
        for each in full:
            each.setblocking(False)
            each.connect_ex(deaf.getsockname())
        assert await answers("127.0.0.1", deaf.getsockname()[1], within_s=0.1) is None
        for each in full:
            each.close()
    assert await answers("no such host.invalid", 53) is False


async def test_a_place_of_the_settings_is_a_part_of_the_health() -> None:
    health, learned = Health(Bus()), list[bool | None]()
    there = UplinkWatch(f"127.0.0.1:{free_port()}", health, lambda: False, learned.append)
    assert await there.look() is True
    away = UplinkWatch("no such host.invalid:53", health, lambda: False, learned.append)
    assert await away.look() is False

    part = health.get("uplink")
    assert part is not None and (part.state, part.detail) == ("down", "no such host.invalid:53 does not answer")
    assert learned == [True, False]


@pytest.mark.parametrize("text", [None, "not\na table of routes\n", ROUTES.splitlines()[0]])
async def test_without_a_gateway_nothing_can_be_said(tmp_path: Path, text: str | None) -> None:
    routes = tmp_path / "route"
    if text is not None:
        routes.write_text(text)
    learned = list[bool | None]()
    watch = UplinkWatch(None, Health(Bus()), lambda: True, learned.append, routes)

    assert await watch.look() is None and learned == [None]


@pytest.mark.parametrize(
    ("place", "is_wanted", "asked"), [(None, False, 0), (None, True, 1), ("127.0.0.1:9", False, 1)]
)
async def test_the_gateway_is_asked_only_when_somebody_wants_to_know(
    tmp_path: Path, place: str | None, is_wanted: bool, asked: int
) -> None:
    learned, tasks = list[bool | None](), Tasks("test")
    wants: Callable[[], bool] = lambda: is_wanted  # noqa: E731 - a constant of the case
    watch = UplinkWatch(place, Health(Bus()), wants, learned.append, tmp_path / "none")
    tasks.spawn(watch.watch(), "watch")
    await asyncio.sleep(0.1)
    await tasks.close()

    assert len(learned) == asked
