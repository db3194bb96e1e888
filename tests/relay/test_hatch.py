"""Sockets from hand to hand, with their hellos."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from irzhub.codec.driver import Hello
from irzhub.codec.drivers import build_drivers
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.hatch import PATIENCE_S, WAITING_LIMIT, HatchReceiver, HatchSender, pair
from irzhub.relay.worker_messages import HandOver
from tests.relay.modem_rig import IMEI, until
from tests.relay.pool_rig import open_descriptors

DRIVER = build_drivers(None, None, b"\r")[0]


def dialled(sock: socket.socket, leftover: bytes = b"", age_s: float = 0.0) -> DialledIn:
    """Return a socket that has said hello."""
    return DialledIn(
        sock=sock,
        driver=DRIVER,
        hello=Hello(driver="irz", modem=IMEI, imei=IMEI),
        leftover=leftover,
        peer="127.0.0.1:1",
        local="127.0.0.1:2",
        accepted=time.monotonic() - age_s,
    )


class Taker:
    """The far side of a hatch, with what came through."""

    def __init__(self) -> None:
        self.got: list[tuple[HandOver, socket.socket]] = []
        near, far = pair()
        self.near = near
        self.receiver = HatchReceiver(far, lambda message, sock: self.got.append((message, sock)))

    def close(self) -> None:
        self.receiver.close()
        for _, sock in self.got:
            sock.close()


@contextmanager
def hatch() -> Iterator[tuple[HatchSender, Taker]]:
    """A sender and a taker that are not connected yet; all descriptors are back at the end."""
    before = open_descriptors()
    sender, taker = HatchSender(time.monotonic), Taker()
    try:
        yield sender, taker
    finally:
        sender.close()
        taker.close()
        taker.near.close()
    assert open_descriptors() == before


async def test_a_socket_lives_on_at_the_other_side() -> None:
    with hatch() as (sender, taker):
        ours, modem = socket.socketpair()
        taker.receiver.open()
        sender.open(taker.near)
        assert sender.send(dialled(ours, b"rest"))
        await until(lambda: taker.got)
        message, sock = taker.got[0]
        assert ours.fileno() == -1
        assert (message.hello.modem, message.leftover, message.peer) == (IMEI, b"rest", "127.0.0.1:1")
        assert not sock.get_inheritable()
        modem.sendall(b"still there")
        assert sock.recv(100) == b"still there"
        modem.close()


async def test_more_than_the_kernel_takes_waits_and_keeps_its_order() -> None:
    with hatch() as (sender, taker):
        sender.open(taker.near)
        for number in range(600):
            ours, modem = socket.socketpair()
            modem.close()
            assert sender.send(dialled(ours, b"%d" % number))
        assert len(sender) > 0
        taker.receiver.open()
        await until(lambda: len(taker.got) == 600)
        assert [int(message.leftover) for message, _ in taker.got] == list(range(600))
        assert len(sender) == 0


async def test_what_was_not_sent_waits_for_the_next_worker_unless_it_is_too_old() -> None:
    with hatch() as (sender, taker):
        old, new = socket.socketpair()
        assert sender.send(dialled(old, age_s=PATIENCE_S + 1))
        assert sender.send(dialled(new))
        sender.shut()
        taker.receiver.open()
        sender.open(taker.near)
        await until(lambda: taker.got)
        assert len(sender) == 0
        assert old.fileno() == new.fileno() == -1
        await asyncio.sleep(0.01)
        assert len(taker.got) == 1


async def test_a_dead_worker_takes_what_was_sent_with_it() -> None:
    with hatch() as (sender, taker):
        sender.open(taker.near)
        taker.receiver.close()
        ours, modem = socket.socketpair()
        assert sender.send(dialled(ours))
        assert modem.recv(1) == b""
        modem.close()


async def test_there_is_a_limit_to_waiting() -> None:
    with hatch() as (sender, _):
        first, second = socket.socketpair()
        sender._waiting.extend([dialled(first)] * WAITING_LIMIT)
        assert not sender.send(dialled(second))
        assert second.fileno() != -1
        second.close()


async def test_a_pause_leaves_sockets_in_the_kernel() -> None:
    with hatch() as (sender, taker):
        taker.receiver.open()
        taker.receiver.pause()
        sender.open(taker.near)
        ours, modem = socket.socketpair()
        assert sender.send(dialled(ours))
        await asyncio.sleep(0.02)
        assert taker.got == []
        taker.receiver.open()
        await until(lambda: taker.got)
        modem.close()


async def test_a_closed_one_is_not_opened_again() -> None:
    with hatch() as (_, taker):
        taker.receiver.close()
        taker.receiver.open()
        assert taker.got == []


async def test_a_socket_with_no_hello_is_closed() -> None:
    with hatch() as (_, taker):
        taker.receiver.open()
        ours, modem = socket.socketpair()
        socket.send_fds(taker.near, [b"\xc1"], [ours.fileno()])
        ours.close()
        modem.settimeout(5)
        assert await asyncio.to_thread(modem.recv, 1) == b""
        assert taker.got == []
        modem.close()
