"""What passes through a pipe is counted, recorded and remembered exactly as if it had gone the long way."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.relay.pipe import SMALL, _waits
from irzhub.relay.settings import SharingSettings
from tests.relay.client_rig import QUICK, Client, Rig, until


async def exchange(rig: Rig, client: Client, question: bytes, answer: bytes) -> None:
    """Put a question and let the meter answer."""
    await client.says(question)
    await rig.meter.hears(question)
    rig.meter.says(answer)
    await client.hears(answer)


async def test_opens_with_the_first_question_and_settles_all_at_the_end() -> None:
    async with Rig() as rig:
        client = await rig.connect()
        assert rig.meter.pipe is None
        for number in range(200):
            await exchange(rig, client, b"question %d" % number, b"answer %d" % number)
            assert rig.meter.pipe is not None
        recorded = rig.recorded()
        client.close()
        [closed] = await rig.closed()

        assert rig.meter.pipe is None
        asked = sum(len(b"question %d" % number) for number in range(200))
        answered = sum(len(b"answer %d" % number) for number in range(200))
        assert (closed.tx_bytes, closed.rx_bytes) == (asked, answered)
        assert sum(rig.side.latency.counts) == 200
        assert rig.meter.passed_bytes == (answered, asked - len(b"question 0"))  # which opened it
        assert recorded == [
            entry for number in range(200) for entry in ((">", b"question %d" % number), ("=", b"answer %d" % number))
        ]


async def test_a_second_program_finds_the_answer_owed_to_the_first() -> None:
    async with Rig() as rig:
        first = await rig.connect()
        await exchange(rig, first, b"one", b"eins")
        await first.says(b"two")
        await rig.meter.hears(b"two")
        second = await rig.connect()
        assert rig.meter.pipe is None
        await second.says(b"three")
        rig.meter.says(b"zwei")
        await first.hears(b"zwei")
        await second.hears_nothing()
        first.close()
        await rig.meter.hears(b"three")
        rig.meter.says(b"drei")

        await second.hears(b"drei")
        assert rig.dropped == {}


async def test_an_answer_owed_to_a_program_that_left_is_for_nobody() -> None:
    async with Rig() as rig:
        first = await rig.connect()
        await exchange(rig, first, b"one", b"eins")
        await first.says(b"two")
        await rig.meter.hears(b"two")
        first.reset()
        await rig.closed()
        second = await rig.connect()
        await second.says(b"three")

        rig.meter.says(b"zwei")

        await second.hears_nothing()
        assert rig.dropped == {"late": 4}


async def test_an_old_session_gets_nothing_any_more() -> None:
    async with Rig(hold_s=5.0) as rig:
        client = await rig.connect()
        await exchange(rig, client, b"one", b"eins")
        rig.channel.detach(rig.meter)
        await client.says(b"two")
        await asyncio.sleep(0.05)

        assert rig.meter.pipe is None
        assert bytes(rig.meter.heard) == b""


@pytest.mark.parametrize("size", [SMALL, SMALL + 1, 3 * SMALL])
async def test_large_and_small_pieces_keep_their_order(size: int) -> None:
    large = bytes(range(256)) * (size // 256) + bytes(size % 256)
    async with Rig() as rig:
        client = await rig.connect()
        for _ in range(3):
            await exchange(rig, client, b"small", b"little")
            await exchange(rig, client, large, large)

        assert b"".join(data for _, data in rig.recorded())[-len(large) :] == large


@pytest.mark.parametrize(
    "sharing",
    [
        SharingSettings(mode="broadcast"),
        SharingSettings(grant="question", frame_end="modbus"),
        SharingSettings(observers=("127.0.0.0/8",)),
    ],
)
async def test_lines_that_are_more_than_plain_have_none(sharing: SharingSettings) -> None:
    async with Rig(sharing=sharing) as rig:
        client = await rig.connect()
        await client.says(b"question")
        await asyncio.sleep(0.05)

        assert rig.meter.pipe is None


@pytest.mark.parametrize(
    "look",
    [lambda rig: rig.channel.is_answer_owed, lambda rig: rig.channel.poll_in_progress],
    ids=["is_answer_owed", "poll_in_progress"],
)
async def test_who_looks_at_the_line_sees_what_passed(look: Callable[[Rig], bool]) -> None:
    async with Rig(sharing=QUICK) as rig:
        client = await rig.connect()
        await exchange(rig, client, b"one", b"eins")
        await until(lambda: not look(rig))
        await client.says(b"two")
        await rig.meter.hears(b"two")

        assert rig.meter.pipe is not None
        assert look(rig)


@given(
    st.lists(st.tuples(st.sampled_from((0, 1)), st.integers(1, 5)), min_size=1, max_size=9), st.none() | st.just(5.0)
)
def test_each_answer_waited_since_the_last_question_before_it(
    passed: list[tuple[int, int]], asked_at: float | None
) -> None:
    now, stamps, wanted, since = 10.0, [], [], asked_at
    for is_question, later_s in passed:
        now += later_s
        stamps.append(now)
        if is_question:
            since = now
        elif since is not None:
            wanted.append(now - since)
            since = None

    assert list(_waits(asked_at, stamps, [kind for kind, _ in passed])) == wanted


async def test_bytes_are_counted_while_the_log_waits_and_never_twice() -> None:
    async with Rig() as rig:
        client = await rig.connect()
        for number in range(20):
            await exchange(rig, client, b"question", b"answer")
            if number % 3 == 0:
                for pipe in rig.side.pipes.values():
                    pipe.count()
        [program] = rig.channel.programs
        for pipe in rig.side.pipes.values():
            pipe.count()

        assert (program.tx_bytes, program.rx_bytes) == (20 * len(b"question"), 20 * len(b"answer"))
        assert rig.meter.passed_bytes == (20 * len(b"answer"), 19 * len(b"question"))
        assert len(rig.recorded()) == 40
        assert (program.tx_bytes, program.rx_bytes) == (20 * len(b"question"), 20 * len(b"answer"))
        client.close()
        [closed] = await rig.closed()
        assert (closed.tx_bytes, closed.rx_bytes) == (20 * len(b"question"), 20 * len(b"answer"))
        assert rig.side.pipes == {}
