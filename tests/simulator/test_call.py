"""One call of a modem: what it counts and what it refuses to write; its dialogue with the hub is in test_modem."""

import asyncio

from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from tests.simulator.scripted_hub import ANSWER, ScriptedHub

RAW = ModemOptions(encapsulated=False, reconnect_s=None)
IMEI = "868441036775234"


async def test_bytes_soon_after_the_answer_are_counted_as_early() -> None:
    async with ScriptedHub() as hub, SimulatedModem("127.0.0.1", hub.port, IMEI, RAW) as modem:
        line = await hub.line()
        line.says(b"soon")
        assert await line.hears(4) == b"soon".hex().upper()
        await asyncio.sleep(0.45)
        line.says(b"later")
        assert await line.hears(5) == b"later".hex().upper()

        assert (modem.counts.early_bytes, modem.counts.rx_bytes) == (4, 9)


async def test_bytes_glued_to_the_answer_are_refused_even_in_raw_mode() -> None:
    async with ScriptedHub(answer=ANSWER + b"\x01") as hub:
        modem = SimulatedModem("127.0.0.1", hub.port, IMEI, RAW)
        modem.start()
        assert await (await hub.line()).hears_end()
        await modem.wait_for("off")

        assert modem.counts.answers_refused == 1
        await modem.stop()


async def test_hub_that_closes_before_it_answers_is_counted() -> None:
    async with ScriptedHub(answer=None) as hub:
        modem = SimulatedModem("127.0.0.1", hub.port, IMEI, RAW)
        modem.start()
        (await hub.line()).writer.close()
        await modem.wait_for("off")

        assert (modem.counts.closed_early, modem.counts.answered) == (1, 0)
        await modem.stop()


async def test_frozen_call_neither_answers_nor_reports_but_stays_open() -> None:
    options = ModemOptions(reconnect_s=None)
    async with ScriptedHub() as hub, SimulatedModem("127.0.0.1", hub.port, IMEI, options) as modem:
        line = await hub.line()
        modem.freeze()
        line.says("C8CACBCCCD0C00030040010D0A")

        assert not modem.toggle_pin(1)
        assert await line.hears_nothing(0.4)
        assert modem.is_online
        modem.drop()


async def test_unasked_bytes_of_the_meter_go_out_and_wire_bytes_as_they_are() -> None:
    async with ScriptedHub() as hub, SimulatedModem("127.0.0.1", hub.port, IMEI) as modem:
        line = await hub.line()
        modem.send_meter_bytes(b"hi")
        assert await line.hears(12) == "C8CACBCCCD010002" + b"hi".hex().upper() + "0D0A"
        modem.send_wire_bytes(b"garbage")
        assert await line.hears(7) == b"garbage".hex().upper()
