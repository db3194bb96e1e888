"""All lines together: what is told, in portions, and what is kept no longer than needed."""

from irzhub.relay.line_polls import AllPolls
from irzhub.relay.settings import SharingSettings
from tests.relay.client_rig import Rig, until


class Watch:
    """A clock for the lines."""

    def __init__(self) -> None:
        self.now = 5.0

    def __call__(self) -> float:
        return self.now


def test_a_line_is_kept_while_there_is_something_to_tell() -> None:
    watch = Watch()
    polls = AllPolls(watch)
    polls.of("m").ask("p", b"?", watch.now)
    assert list(polls.take(1005.0)) == []
    assert len(polls) == 1
    watch.now = 66.0
    [portion] = polls.take(1066.0)
    assert (portion["m"][0].silent, portion["m"][0].first_asked) == (1, 1005.0)
    assert list(polls.take(1067.0)) == []
    assert len(polls) == 0


def test_thousands_of_lines_are_told_in_portions() -> None:
    polls = AllPolls(Watch())
    for number in range(1000):
        polls.refuse(f"m{number}", "p", "refused")
    portions = list(polls.take(1000.0))
    assert sum(map(len, portions)) == 1000
    assert max(map(len, portions)) <= 250


async def test_an_exchange_through_a_pipe_is_counted_like_any_other() -> None:
    async with Rig() as rig:
        client = await rig.connect()
        for _ in range(300):
            await client.says(b"question")
            await rig.meter.hears(b"question")
            rig.meter.says(b"answer")
            await client.hears(b"answer")
        for settle in list(rig.side.rings.feeds.values()):
            settle()
        [portion] = rig.side.polls.take(rig.side.unix_time())

        [poll] = next(iter(portion.values()))
        assert (poll.program, poll.asked, poll.answered) == ("127.0.0.1", 300, 300)
        assert 0 < poll.longest_s < 5


async def test_who_gives_up_behind_another_program_found_the_line_busy() -> None:
    async with Rig(sharing=SharingSettings()) as rig:
        first, second = await rig.connect(), await rig.connect()
        await first.says(b"mine")
        await rig.meter.hears(b"mine")
        await second.says(b"and mine")
        await until(lambda: rig.channel.programs[1].kept_bytes)
        second.close()
        await until(lambda: len(rig.channel.programs) == 1)
        rig.meter.says(b"yours")
        await first.hears(b"yours")

        [portion] = rig.side.polls.take(rig.side.unix_time())
        [poll] = next(iter(portion.values()))
        assert (poll.asked, poll.answered, poll.busy) == (2, 1, 1)


async def test_who_asks_for_a_modem_that_is_away_is_counted_as_that() -> None:
    async with Rig(is_modem_there=False) as rig:
        client = await rig.connect()
        await client.says(b"?")
        await until(lambda: rig.channel.programs[0].kept_bytes)
        client.close()
        await until(lambda: not rig.channel.programs)

        [portion] = rig.side.polls.take(rig.side.unix_time())
        [poll] = next(iter(portion.values()))
        assert (poll.asked, poll.away) == (1, 1)
