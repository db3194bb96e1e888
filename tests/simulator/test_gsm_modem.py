"""The modem on a terminal: plugged, unplugged, and played by a script."""

import asyncio
import os
from pathlib import Path

import pytest

from irzhub.simulator.gsm_firmware import GsmFirmware
from irzhub.simulator.gsm_modem import VERBS, GsmModem, Step, parse_script, perform


async def asks(path: str, command: bytes) -> bytes:
    """Write to the terminal as a program; return what it says within a moment."""

    def talk() -> bytes:
        end = os.open(path, os.O_RDWR | os.O_NOCTTY)
        try:
            os.write(end, command)
            told = b""
            while b"OK\r\n" not in told:
                told += os.read(end, 4096)
            return told
        finally:
            os.close(end)

    return await asyncio.wait_for(asyncio.to_thread(talk), 5)


async def test_the_stable_name_leads_to_the_terminal_of_the_day(tmp_path: Path) -> None:
    async with GsmModem(GsmFirmware(), tmp_path / "by-id") as modem:
        assert b"+CSQ: 21,0" in await asks(modem.path, b"AT+CSQ\r")
        await modem.unplug()
        assert not modem.is_plugged
        assert not (tmp_path / "by-id").is_symlink()
        await modem.plug()
        await modem.plug()
        assert b"SIM900R" in await asks(modem.path, b"AT+CGMM\r")
    assert not (tmp_path / "by-id").is_symlink()


async def test_a_slow_one_answers_later() -> None:
    async with GsmModem(GsmFirmware(), slow_s=0.1) as modem:
        began = asyncio.get_running_loop().time()
        await asks(modem.path, b"ATE0\r")
        assert asyncio.get_running_loop().time() - began >= 0.1


SCRIPT = """
# the night shift
0 network 2
0.01 signal 7
0 sms +79211234567 Дверь закрыта?
0 answer AT+CSQ +CSQ: 3,0
0 balance
0 room 0
0 silent AT+COPS?
0 call BUSY
0 ring +79210000001
0 report 7 +79211234567 0
0 say \\r\\nRING\\xff\\r\\n
0 slow 0
0 deaf on
0 deaf off
0 sim_out
0 sim_in
0 pdu 0791971901000010
0 unplug
0 plug
"""


async def test_a_script_makes_everything_happen(tmp_path: Path) -> None:
    steps = parse_script(SCRIPT)
    assert {step.verb for step in steps} == set(VERBS)
    assert steps[1] == Step(0.01, "signal", "7")
    async with GsmModem(GsmFirmware(), tmp_path / "by-id") as modem:
        await perform(modem, steps)

        assert modem.is_plugged
        assert (modem.firmware.csq, modem.firmware.balance, len(modem.firmware.memory)) == (7, None, 1)
        assert b"+CSQ: 3,0" in b"".join(each.encode() for each in modem.firmware.receive(b"AT+CSQ\r"))


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("soon sms +7 x", "line 1: expected seconds before a verb, got 'soon'"),
        ("\n0 explode", "line 2: expected one of sms, pdu, ring,"),
        ("-1 plug", "line 1: expected one of"),
    ],
)
def test_what_is_wrong_with_a_script(script: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_script(script)


async def test_words_that_do_not_fit_their_verb() -> None:
    async with GsmModem(GsmFirmware()) as modem:
        with pytest.raises(ValueError, match="signal loud: "):
            await perform(modem, parse_script("0 signal loud"))
