"""A call that rings and is hung up."""

import asyncio

import pytest

from integrations.gsm_modem.calling import CallLine
from tests.integrations.gsm_modem.conftest import TO, Line, until


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("rings", "rang"),
        ("answers", "answered"),
        ("BUSY", "busy"),
        ("NO ANSWER", "no_answer"),
        ("NO CARRIER", "failed"),
    ],
)
async def test_how_calls_end(line: Line, answer: str, status: str) -> None:
    line.firmware.answer_of_call = answer
    call = CallLine()
    calling = asyncio.get_running_loop().create_task(call.place(line.link, TO, 0.1))
    if answer.isupper():
        await until(lambda: any(each.name == answer for each in line.heard))
        call.ended(answer)

    assert (await calling).status == status
    assert line.firmware.dialled == [TO]
    assert not line.firmware._is_calling, "it was hung up"


async def test_refused_at_once(line: Line) -> None:
    line.firmware.expect("ATD", "+CME ERROR: 30")
    outcome = await CallLine().place(line.link, TO, 0.1)

    assert (outcome.status, outcome.error) == ("failed", "no network (+CME ERROR: 30)")

    line.firmware.expect("ATD", "BUSY")
    assert (await CallLine().place(line.link, TO, 0.1)).status == "busy"


async def test_a_modem_that_cannot_tell_the_state_rings_its_time(line: Line) -> None:
    line.firmware.expect("AT+CLCC", *["ERROR"] * 100)

    assert (await CallLine().place(line.link, TO, 0.1)).status == "rang"


async def test_who_hangs_up_while_it_rings_did_not_answer(line: Line) -> None:
    call = CallLine()
    calling = asyncio.get_running_loop().create_task(call.place(line.link, TO, 5.0))
    await until(lambda: line.firmware.commands.count("AT+CLCC") > 2)
    call.ended("NO CARRIER")

    assert (await calling).status == "no_answer"
