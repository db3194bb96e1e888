"""One stream of messages between two ends that never wait for each other."""

import asyncio
import socket
import time

from irzhub.relay.orders import AskSnapshot, PutModem, ReadRing
from irzhub.relay.stream import MessageStream
from irzhub.relay.worker_messages import Ping, ToWorker, decode_to_worker
from tests.relay.modem_rig import modem_settings, until


class End:
    """One end with what it has heard."""

    def __init__(self) -> None:
        self.heard: list[object] = []
        self.lost: list[str] = []
        self.idle = 0
        self.stream = MessageStream(
            lambda data: self.heard.append(decode_to_worker(data)), self.lost.append, self._is_idle
        )

    def _is_idle(self) -> None:
        self.idle += 1

    async def open(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        await asyncio.get_running_loop().create_connection(lambda: self.stream, sock=sock)


async def connected() -> tuple[End, End]:
    """Return two ends of one stream."""
    first, second = End(), End()
    for end, sock in zip((first, second), socket.socketpair(), strict=True):
        await end.open(sock)
    return first, second


async def test_messages_arrive_in_order_and_a_close_is_heard_behind_them() -> None:
    first, second = await connected()
    sent: list[ToWorker] = [Ping(number=1), AskSnapshot(), ReadRing(request="r", modem="m")]
    for message in sent:
        first.stream.send(message)
    assert len(first.stream) == 3
    first.stream.flush()
    first.stream.close()
    await until(lambda: second.lost)
    assert second.heard == sent
    assert (first.idle, len(first.stream)) == (1, 0)
    await until(lambda: first.lost)
    assert not first.stream.is_open
    first.stream.send(AskSnapshot())
    assert len(first.stream) == 0


async def test_an_end_that_does_not_read_costs_its_messages_and_nothing_more() -> None:
    first, far = End(), socket.socketpair()
    await first.open(far[0])
    message = PutModem(settings=modem_settings(password="plain:" + "x" * 1000))
    for _ in range(3000):
        first.stream.send(message)
    await asyncio.sleep(0.05)
    waiting = len(first.stream)
    assert waiting > 1000
    second = End()
    await second.open(far[1])
    await until(lambda: len(second.heard) == 3000)
    assert len(first.stream) == 0
    assert first.idle >= 1
    first.stream.close()
    await until(lambda: first.lost and second.lost)


async def test_thousands_of_messages_at_once_leave_the_loop_to_others() -> None:
    first, second = await connected()
    take, turns = second.stream._take, set[int]()

    def take_slowly(data: bytes) -> None:
        busy_until = time.monotonic() + 0.0005  # as a message that begins a session
        while time.monotonic() < busy_until:
            pass
        turns.add(turn)
        take(data)

    second.stream._take = take_slowly
    for number in range(200):
        first.stream.send(Ping(number=number))
    first.stream.flush()
    first.stream.close()
    turn = 0
    while not second.lost:
        turn += 1
        await asyncio.sleep(0)
    assert second.heard == [Ping(number=number) for number in range(200)]
    assert len(turns) >= 5


async def test_nonsense_ends_the_stream_with_a_reason() -> None:
    for nonsense in (b"\xff\xff\xff\xff", b"\x00\x00\x00\x01\xc1"):
        end, far = End(), socket.socketpair()
        await end.open(far[0])
        far[1].sendall(nonsense)
        await until(lambda end=end: end.lost)  # type: ignore[misc]
        assert "it sent what is no message" in end.lost[0]
        far[1].close()
