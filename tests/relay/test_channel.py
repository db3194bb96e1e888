"""Programs on real sockets, a channel, and a meter that the test speaks for."""

import asyncio
import random
import socket

import msgspec
import pytest

from irzhub.relay.admission import MAX_PROGRAMS
from irzhub.relay.messages import ClientClosed, WakeWanted
from irzhub.relay.settings import ModemSettings, RelaySettings, SharingSettings
from tests.relay.client_rig import QUICK, Rig, until

ANYWHERE = ("127.0.0.0/8",)


class TestPipe:
    async def test_one_program_and_the_meter_hear_each_other(self) -> None:
        async with Rig() as rig:
            client = await rig.connect()
            await client.says(b"question")
            await rig.meter.hears(b"question")
            rig.meter.says(b"answer")
            await client.hears(b"answer")
            rig.meter.says(b"unasked")
            await client.hears(b"unasked")
            client.close()

            [closed] = await rig.closed()

            assert closed.reason == "closed"
            assert (closed.client, closed.peer) == (rig.opened[0].client, rig.opened[0].peer)
            assert (closed.rx_bytes, closed.tx_bytes, closed.clients) == (13, 8, 0)
            assert rig.opened[0].clients == 1
            assert rig.recorded() == [(">", b"question"), ("=", b"answer"), ("=", b"unasked")]
            assert rig.dropped == {}
            assert sum(rig.side.latency.counts) == 1

    async def test_every_byte_value_passes_telnet_s_too(self) -> None:
        everything = bytes(range(256)) * 3 + b"\xff\xf4\xff\xfd\x06\xff\xff\x00\r\n\x1a\x03"
        async with Rig() as rig:
            client = await rig.connect()
            await client.says(everything)
            await rig.meter.hears(everything)
            rig.meter.says(everything)
            await client.hears(everything)

    async def test_single_bytes_pass_in_order(self) -> None:
        async with Rig() as rig:
            client = await rig.connect()
            client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for number in range(256):
                await client.says(bytes((number,)))
                rig.meter.says(bytes((number,)))
            await rig.meter.hears(bytes(range(256)))
            await client.hears(bytes(range(256)))

    async def test_an_urgent_byte_is_a_byte_like_others(self) -> None:
        async with Rig() as rig:
            client = await rig.connect()
            client.sock.send(b"abc")
            client.sock.send(b"!", socket.MSG_OOB)
            client.sock.send(b"def")
            await rig.meter.hears(b"abc!def")

    async def test_one_write_for_each_piece_of_the_meter(self) -> None:
        async with Rig() as rig:
            client = await rig.connect()
            await client.says(b"x" * 3000)
            await rig.meter.hears(b"x" * 3000)
            assert rig.meter.writes == 1

    async def test_a_connection_per_question_loses_nothing(self) -> None:
        async with Rig(sharing=SharingSettings()) as rig:
            rig.meter.answers = lambda question: b"to " + question
            for number in range(20):
                client = await rig.connect()
                await client.says(b"%d" % number)
                await client.hears(b"to %d" % number)
                client.close()
                await rig.closed(number + 1)
            assert rig.dropped == {}

    @pytest.mark.parametrize("seed", range(5))
    async def test_a_lone_program_s_bytes_are_all_there_in_order(self, seed: int) -> None:
        dice = random.Random(seed)
        up, down = (dice.randbytes(dice.randrange(200_000, 600_000)) for _ in range(2))
        async with Rig() as rig:
            client = await rig.connect()

            async def talk() -> None:
                sent = 0
                while sent < len(up):
                    size = dice.choice((1, 7, 300, 1460, 20_000, 60_000))
                    await client.says(up[sent : sent + size])
                    sent += size
                    if dice.random() < 0.1:
                        await asyncio.sleep(0.002)

            _, received, _ = await asyncio.gather(
                talk(), client.reads(len(down)), rig.meter.pours(down, dice.choice((3000, 16384, 65000)))
            )
            await until(lambda: len(rig.meter.heard) >= len(up))

            assert received == down
            assert bytes(rig.meter.heard) == up


class TestSharing:
    async def test_the_second_program_waits_and_hears_nothing_of_the_first_one_s_answer(self) -> None:
        async with Rig() as rig:
            first, second = await rig.connect(), await rig.connect()
            await first.says(b"q1")
            await rig.meter.hears(b"q1")
            await second.says(b"q2")
            await second.hears_nothing()
            assert rig.meter.heard == b""
            rig.meter.says(b"a1")
            await first.hears(b"a1")
            await rig.meter.hears(b"q2")
            rig.meter.says(b"a2")
            await second.hears(b"a2")
            await first.hears_nothing()

    async def test_a_late_answer_goes_to_nobody_is_counted_and_recorded(self) -> None:
        async with Rig() as rig:
            first = await rig.connect()
            await first.says(b"q1")
            await rig.meter.hears(b"q1")
            second = await rig.connect()
            first.close()
            await rig.closed()
            await second.says(b"q2")
            await asyncio.sleep(0.05)
            rig.meter.says(b"late")
            await second.hears_nothing()
            assert rig.meter.heard == b""
            await rig.meter.hears(b"q2")
            rig.meter.says(b"a2")
            await second.hears(b"a2")

            assert rig.dropped == {"late": 4}
            assert rig.recorded() == [(">", b"q1"), ("-", b"late"), (">", b"q2"), ("=", b"a2")]

    async def test_the_next_program_alone_waits_for_the_guard_too(self) -> None:
        async with Rig() as rig:
            first = await rig.connect()
            await first.says(b"q1")
            await rig.meter.hears(b"q1")
            first.close()
            await rig.closed()
            second = await rig.connect()
            await second.says(b"q2")
            rig.meter.says(b"late")
            await second.hears_nothing()
            await rig.meter.hears(b"q2")
            rig.meter.says(b"a2")
            await second.hears(b"a2")
            assert rig.dropped == {"late": 4}

    async def test_exclusive_refuses_the_second(self) -> None:
        async with Rig(sharing=SharingSettings(mode="exclusive")) as rig:
            first = await rig.connect()
            second = await rig.connect(is_admitted=False)
            assert await second.is_closed()
            third = await rig.connect(is_admitted=False)
            assert await third.is_closed()
            first.close()
            await rig.closed(2)
            await rig.connect()

            # A program that tries again and again fills no journal: it is told once a minute.
            assert [each.reason for each in rig.told(ClientClosed)] == ["refused", "closed"]

    async def test_kick_old_closes_the_first(self) -> None:
        async with Rig(sharing=SharingSettings(mode="kick_old")) as rig:
            first = await rig.connect()
            second = await rig.connect()
            assert await first.is_closed()
            await second.says(b"q")
            await rig.meter.hears(b"q")
            assert [each.reason for each in rig.told(ClientClosed)] == ["replaced"]

    async def test_broadcast_gives_everybody_everything(self) -> None:
        async with Rig(sharing=SharingSettings(mode="broadcast")) as rig:
            first, second = await rig.connect(), await rig.connect()
            await first.says(b"q1")
            await rig.meter.hears(b"q1")
            await second.says(b"q2")
            await rig.meter.hears(b"q2")
            rig.meter.says(b"a")
            await first.hears(b"a")
            await second.hears(b"a")

    async def test_observers_read_only(self) -> None:
        async with Rig(sharing=SharingSettings(observers=ANYWHERE)) as rig:
            observer = await rig.connect()
            await observer.says(b"not for the meter")
            await until(lambda: rig.dropped.get("read_only"))
            rig.meter.says(b"push")
            await observer.hears(b"push")

            assert rig.meter.heard == b""
            assert rig.dropped == {"read_only": 17, "unasked": 4}

    async def test_settings_change_while_programs_are_connected(self) -> None:
        async with Rig(sharing=SharingSettings()) as rig:
            first, second = await rig.connect(), await rig.connect()
            await first.says(b"q1")
            await rig.meter.hears(b"q1")
            await second.says(b"q2")
            await until(lambda: rig.channel.programs[1].kept_bytes)

            rig.channel.settings = _with_sharing(rig, SharingSettings(mode="broadcast"))

            await rig.meter.hears(b"q2")


class TestGoing:
    async def test_a_reset_is_told_as_such(self) -> None:
        async with Rig() as rig:
            client = await rig.connect()
            client.reset()
            assert (await rig.closed())[0].reason == "reset"

    async def test_half_closed_and_alone_it_still_gets_its_answer(self) -> None:
        async with Rig() as rig:
            client = await rig.connect()
            await client.says(b"question")
            client.half_close()
            await rig.meter.hears(b"question")
            await asyncio.sleep(0.05)
            rig.meter.says(b"ans")
            rig.meter.says(b"wer")
            await client.hears(b"answer")
            assert await client.is_closed()
            assert [each.reason for each in await rig.closed()] == ["closed"]

    async def test_what_comes_for_one_that_had_left_is_counted(self) -> None:
        async with Rig() as rig:
            client = await rig.connect()
            await client.says(b"question")
            await rig.meter.hears(b"question")
            client.close()
            await asyncio.sleep(0.02)
            rig.meter.says(b"answer")
            assert [each.reason for each in await rig.closed()] == ["closed"]
            assert rig.dropped == {"late": 6}

    async def test_half_closed_with_nothing_owed_it_is_gone(self) -> None:
        async with Rig() as rig:
            client = await rig.connect()
            client.half_close()
            assert await client.is_closed()

    async def test_half_closed_beside_another_it_is_gone_and_its_answer_late(self) -> None:
        async with Rig() as rig:
            first, second = await rig.connect(), await rig.connect()
            await first.says(b"q1")
            await rig.meter.hears(b"q1")
            first.half_close()
            await rig.closed()
            rig.meter.says(b"a1")
            await second.hears_nothing()
            assert rig.dropped == {"late": 2}

    async def test_half_closed_it_gives_way_to_the_next_one(self) -> None:
        async with Rig(sharing=SharingSettings(idle_s=60.0)) as rig:
            first = await rig.connect()
            await first.says(b"q1")
            await rig.meter.hears(b"q1")
            first.half_close()
            await asyncio.sleep(0.05)
            second = await rig.connect()
            assert await first.is_closed()
            rig.meter.says(b"a1")
            await second.hears_nothing()
            assert rig.dropped == {"late": 2}

    async def test_half_closed_it_does_not_wait_for_ever(self) -> None:
        async with Rig(sharing=SharingSettings(idle_s=0.1)) as rig:
            client = await rig.connect()
            await client.says(b"q1")
            await rig.meter.hears(b"q1")
            client.half_close()
            assert await client.is_closed()

    async def test_kick(self) -> None:
        async with Rig() as rig:
            client = await rig.connect()
            assert not rig.channel.kick("nobody")
            assert rig.channel.kick(rig.opened[0].client)
            assert await client.is_closed()
            assert (await rig.closed())[0].reason == "kicked"

    async def test_close_gives_nobody_a_turn(self) -> None:
        async with Rig(sharing=SharingSettings(late_guard_s=0.01)) as rig:
            first, second = await rig.connect(), await rig.connect()
            await first.says(b"q1")
            await rig.meter.hears(b"q1")
            rig.meter.says(b"a1")
            await second.says(b"q2")
            await until(lambda: rig.channel.programs[1].kept_bytes)
            await asyncio.sleep(0.02)

            rig.channel.close("hub_stop")

            await first.hears(b"a1")
            assert await first.is_closed()
            assert await second.is_closed()
            assert rig.meter.heard == b""
            assert [each.reason for each in await rig.closed(2)] == ["hub_stop", "hub_stop"]
            assert rig.side.clients == 0


class TestModemAway:
    async def test_programs_are_closed_with_the_modem_after_all_that_was_sent_to_them(self) -> None:
        async with Rig() as rig:
            client = await rig.connect()
            rig.meter.says(b"x" * 50_000)
            rig.channel.detach(rig.meter)
            await client.hears(b"x" * 50_000)
            assert await client.is_closed()
            assert (await rig.closed())[0].reason == "modem_lost"

    async def test_held_programs_go_on_when_it_returns(self) -> None:
        async with Rig(hold_s=5.0) as rig:
            client = await rig.connect()
            rig.channel.detach(rig.meter)
            await client.says(b"question")
            await asyncio.sleep(0.02)
            rig.channel.attach(rig.meter)
            await rig.meter.hears(b"question")
            rig.meter.says(b"answer")
            await client.hears(b"answer")

    async def test_held_programs_are_closed_when_it_does_not(self) -> None:
        async with Rig(hold_s=0.05) as rig:
            client = await rig.connect()
            rig.channel.detach(rig.meter)
            assert await client.is_closed()
            assert (await rig.closed())[0].reason == "modem_lost"

    async def test_an_old_session_cannot_detach_a_new_one(self) -> None:
        async with Rig(hold_s=5.0) as rig:
            former, rig.meter = rig.meter, type(rig.meter)(rig.channel, generation=2)
            rig.channel.attach(rig.meter)
            rig.channel.detach(former)
            client = await rig.connect()
            await client.says(b"question")
            await rig.meter.hears(b"question")
            assert former.heard == b""

    async def test_accept_keeps_what_came_of_late(self) -> None:
        async with Rig(is_modem_there=False) as rig:
            client = await rig.connect()
            await client.says(b"question")
            await until(lambda: rig.channel.programs[0].kept_bytes)
            rig.channel.attach(rig.meter)
            await rig.meter.hears(b"question")
            rig.meter.says(b"answer")
            await client.hears(b"answer")

    async def test_accept_drops_what_nobody_waits_for_any_more(self) -> None:
        async with Rig(is_modem_there=False, sharing=SharingSettings(answer_timeout_s=0.05)) as rig:
            client = await rig.connect()
            await client.says(b"question")
            await until(lambda: rig.channel.programs[0].kept_bytes)
            await asyncio.sleep(0.06)
            rig.channel.attach(rig.meter)
            rig.meter.says(b"push")
            await client.hears(b"push")
            await client.says(b"another")
            await rig.meter.hears(b"another")
            assert rig.dropped == {"offline": 8}

    async def test_accept_keeps_no_more_than_the_limit_and_sees_the_program_leave(self) -> None:
        async with Rig(RelaySettings(data_limit=1000), is_modem_there=False) as rig:
            client = await rig.connect()
            for _ in range(30):
                await client.says(b"x" * 100)
                await asyncio.sleep(0.002)
            await until(lambda: rig.dropped.get("overflow"))
            assert rig.channel.programs[0].kept_bytes <= 1000
            client.close()
            assert (await rig.closed())[0].reason == "closed"

    async def test_refuse_closes_at_once(self) -> None:
        async with Rig(is_modem_there=False, offline="refuse") as rig:
            client = await rig.connect(is_admitted=False)
            assert await client.is_closed()
            rig.channel.attach(rig.meter)
            await rig.connect()

    async def test_wake_asks_the_hub_and_keeps_the_question(self) -> None:
        async with Rig(is_modem_there=False, offline="wake") as rig:
            client = await rig.connect()
            await client.says(b"question")
            await until(lambda: rig.channel.programs[0].kept_bytes)
            [wanted] = rig.told(WakeWanted)
            assert (wanted.modem, wanted.client) == (rig.channel.settings.modem, rig.opened[0].client)
            rig.channel.attach(rig.meter)
            await rig.meter.hears(b"question")

    async def test_line_watch_sees_the_poll(self) -> None:
        async with Rig(sharing=QUICK) as rig:
            assert rig.channel.last_traffic == float("-inf")
            client = await rig.connect()
            await client.says(b"question")
            await rig.meter.hears(b"question")
            assert rig.channel.poll_in_progress
            assert rig.channel.last_traffic <= rig.side.monotonic()
            rig.meter.says(b"answer")
            assert rig.channel.poll_in_progress
            await until(lambda: not rig.channel.poll_in_progress)


class TestAdmission:
    async def test_a_hundred_programs_on_one_port_the_ones_beyond_the_limit_are_closed(self) -> None:
        async with Rig() as rig:
            clients = [await rig.connect(is_admitted=False) for _ in range(100)]
            await until(lambda: len(rig.opened) == MAX_PROGRAMS)
            for client in clients[MAX_PROGRAMS:]:
                assert await client.is_closed()
            assert len(rig.channel.programs) == MAX_PROGRAMS == rig.side.clients
            for client in clients[:MAX_PROGRAMS]:
                client.close()
            await rig.closed(MAX_PROGRAMS + 1)
            assert rig.side.clients == 0

    async def test_other_networks_are_closed_and_logged_once_a_minute(self, caplog: pytest.LogCaptureFixture) -> None:
        async with Rig(allow=("10.0.0.0/8", "::1/128")) as rig:
            for _ in range(3):
                assert await (await rig.connect(is_admitted=False)).is_closed()
            assert rig.messages[1:] == []
            [warning] = [record.getMessage() for record in caplog.records if "refused" in record.getMessage()]
            assert rig.clients[0].name in warning
            assert "in none of the allowed networks" in warning

    async def test_nobody_is_taken_in_without_descriptors(self) -> None:
        async with Rig() as rig:
            rig.side.may_accept = lambda: False
            assert await (await rig.connect(is_admitted=False)).is_closed()
            assert rig.side.clients == 0


def _with_sharing(rig: Rig, sharing: SharingSettings) -> ModemSettings:
    return msgspec.structs.replace(rig.channel.settings, sharing=sharing)
