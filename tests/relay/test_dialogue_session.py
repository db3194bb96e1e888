"""The connection that carries a dialogue: what it records, what is glued to the hello, what cuts it off."""

import asyncio

from irzhub.relay.messages import DialogueEnded, RingRead, SessionOpened
from irzhub.relay.orders import PutModem, ReadRing, RemoveModem
from tests.relay.modem_rig import IMEI, SILENT, Hub, hello, modem_settings, until
from tests.relay.test_dialogues import online, start

PASSOK = bytes.fromhex("C8CACBCCCD050006504153534F4B0D0A")


async def waiting(hub: Hub) -> None:
    hub.send(PutModem(settings=modem_settings(ask=SILENT)))
    hub.send(start(opening_s=2.0))


async def test_the_flight_recorder_has_neither_passwords_nor_values() -> None:
    async with Hub() as hub:
        hub.send(PutModem(settings=modem_settings(ask=SILENT)))
        await online(hub)
        hub.send(start(password="7531"))
        await hub.hears(DialogueEnded)
        hub.send(start(request="r2"))
        await hub.hears(DialogueEnded, 2)
        hub.send(ReadRing(request="ring", modem=IMEI))
        kept = b"".join(data for _, _, data in (await hub.hears(RingRead)).entries)
        assert b"MOD=SET,PSW=****" in kept
        assert b"AT$IRZ_LOGIN=****" in kept
        assert b"Secret77" not in kept
        assert b"7531" not in kept


async def test_what_is_glued_to_the_hello_is_read_and_nothing_is_glued_to_the_answer() -> None:
    async with Hub() as hub:
        await waiting(hub)
        modem = await hub.connects()
        await modem.says(hello(password=None) + bytes.fromhex("B5BCBDBEBF"))
        assert (await modem.reads(33))[14:] == b",MOD=SET,PSW=5492,\r"
        await modem.hears_nothing()
        await modem.says(PASSOK)
        assert await modem.reads_frame() == (5, b"0001AT$SIM_MAIN=1\r")


async def test_a_modem_that_hung_up_before_it_was_answered_is_answered_the_next_time() -> None:
    async with Hub() as hub:
        await waiting(hub)
        gone = await hub.connects()
        await gone.says(hello(password=None))
        gone.reset()
        await hub.hears(DialogueEnded)
        hub.send(start(request="r2", opening_s=2.0))
        modem = await hub.connects()
        await modem.says(hello(password=None))
        assert (await modem.reads(33))[14:22] == b",MOD=SET"


async def test_a_modem_that_does_not_hang_up_after_its_ok_is_cut_off() -> None:
    async with Hub() as hub:
        await waiting(hub)
        modem = await hub.connects()
        await modem.says(hello(password=None))
        await modem.reads(33)
        answers = [PASSOK, *(b"OK%%%%%%%d" % number for number in (1, 2, 3)), b"OK\r\n"]
        for answer in answers:
            frame = answer if answer is PASSOK else b"\xc8\xca\xcb\xcc\xcd\x05\x00%c%b\r\n" % (len(answer), answer)
            await modem.says(frame)
            if answer != b"OK\r\n":
                await modem.reads_frame()
        assert (await hub.hears(DialogueEnded)).reason == ""
        began = asyncio.get_running_loop().time()
        assert await modem.is_closed()
        assert 1.5 < asyncio.get_running_loop().time() - began < 3.5


async def test_a_modem_that_is_deleted_in_the_middle_is_cut_off() -> None:
    async with Hub() as hub:
        await waiting(hub)
        modem = await hub.connects()
        await modem.says(hello(password=None))
        await modem.reads(33)
        hub.send(RemoveModem(modem=IMEI))
        assert await modem.is_closed()
        await until(lambda: hub.all(DialogueEnded))
        assert hub.all(SessionOpened) == []
