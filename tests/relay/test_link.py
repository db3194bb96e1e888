"""Both ends of the relay are what the other end takes them for."""

import asyncio

from irzhub.relay.link import LineWatch, ModemLink
from irzhub.relay.messages import ClientOpened
from irzhub.relay.orders import PutModem
from tests.relay.modem_rig import IMEI, Hub, modem_settings, until


async def test_session_and_channel_meet_by_the_link() -> None:
    async with Hub() as hub:
        hub.send(PutModem(settings=modem_settings()))
        modem = await hub.dials()
        session, line = hub.relay._modems[IMEI].session, hub.relay._modems[IMEI].line
        assert session is not None
        link: ModemLink = session
        watch: LineWatch = line
        assert (link.generation, watch.poll_in_progress, watch.is_answer_owed) == (1, False, False)
        assert watch.last_traffic == float("-inf")

        program = await hub.polls()
        await hub.hears(ClientOpened)
        await program.says(b"question")
        await until(lambda: watch.is_answer_owed)
        assert watch.poll_in_progress
        assert 0 <= asyncio.get_running_loop().time() - watch.last_traffic < 1

        await modem.says(b"answer")
        await until(lambda: not watch.is_answer_owed)
        assert watch.poll_in_progress, "the line is held until it was quiet for a while"


async def test_what_a_link_is_told_to_write_comes_behind_the_answer() -> None:
    async with Hub() as hub:
        hub.send(PutModem(settings=modem_settings()))
        modem = await hub.dials()
        session = hub.relay._modems[IMEI].session
        assert session is not None
        assert session.is_write_paused
        session.write(b"one ")
        session.write(b"two")
        assert await modem.reads(7) == b"one two"
        assert not session.is_write_paused
