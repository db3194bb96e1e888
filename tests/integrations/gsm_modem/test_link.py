"""Commands over a real terminal: one at a time, with a deadline, whatever the modem does."""

import asyncio

import pytest

from integrations.gsm_modem.link import NoAnswer, Unplugged
from integrations.gsm_modem.pdu import build_submits
from tests.integrations.gsm_modem.conftest import TO, Line, until

(SMS,) = build_submits(TO, "дверь", 0)


async def test_a_question_and_its_answer(line: Line) -> None:
    assert (await line.link.run("AT+CSQ", prefix="+CSQ:")).lines == ("+CSQ: 21,0",)
    assert (await line.link.run("AT+NONSENSE")).word == "ERROR"


async def test_commands_wait_for_each_other(line: Line) -> None:
    answers = await asyncio.gather(*(line.link.run(command) for command in ("AT+CGMM", "AT+CGSN", "AT")))

    assert [each.lines for each in answers] == [("SIM900R",), ("861774030000017",), ()]


async def test_what_comes_between_is_heard_and_harms_nothing(line: Line) -> None:
    line.firmware.ring("+79210000001")
    line.modem.say(b"\xff\xfe\x00garbage\r\n")

    assert (await line.link.run("AT+CSQ", prefix="+CSQ:")).is_ok
    assert [each.name for each in line.heard] == ["RING", "+CLIP"]
    assert line.link.noise > 0


async def test_a_modem_that_does_not_answer(line: Line) -> None:
    line.firmware.expect("AT+CSQ", None)
    with pytest.raises(NoAnswer, match=r"no answer to AT\+CSQ"):
        await line.link.run("AT+CSQ", 0.1)
    assert await line.link.settle()
    assert (await line.link.run("AT+CSQ", prefix="+CSQ:")).is_ok


async def test_a_late_answer_is_not_taken_for_another(line: Line) -> None:
    line.firmware.expect("AT+CGMM", None)
    with pytest.raises(NoAnswer):
        await line.link.run("AT+CGMM", 0.05)
    line.modem.say(b"\r\nLATE\r\n\r\nOK\r\n")
    assert await line.link.settle()

    assert (await line.link.run("AT+CGSN")).lines == ("861774030000017",)


async def test_an_sms_goes_out(line: Line) -> None:
    assert (await line.link.send_pdu(SMS.length, SMS.hex, 2.0)).lines == ("+CMGS: 1",)
    assert [(each.to, each.text) for each in line.firmware.texts()] == [(TO, "дверь")]


async def test_ring_before_the_prompt(line: Line) -> None:
    line.firmware.expect("AT+CMGS", None)
    sending = asyncio.get_running_loop().create_task(line.link.send_pdu(SMS.length, SMS.hex, 2.0))
    await until(lambda: any(each.startswith("AT+CMGS") for each in line.firmware.commands))
    line.firmware.ring("+79210000001")
    line.firmware._is_text, line.firmware._length = True, SMS.length
    line.modem.say(b"\r\n> ")

    assert (await sending).is_ok
    assert [each.name for each in line.heard] == ["RING", "+CLIP"]


async def test_no_prompt_means_that_nothing_left(line: Line) -> None:
    line.firmware.expect("AT+CMGS", None)
    with pytest.raises(NoAnswer, match="it did not ask for the text") as error:
        await line.link.send_pdu(SMS.length, SMS.hex, 2.0)

    assert not error.value.was_text_sent
    assert line.firmware.submitted == []
    assert await line.link.settle()


async def test_no_result_behind_the_text_means_that_it_may_have_left(line: Line) -> None:
    line.firmware.expect("text", None)
    with pytest.raises(NoAnswer) as error:
        await line.link.send_pdu(SMS.length, SMS.hex, 0.2)

    assert error.value.was_text_sent


async def test_refused_instead_of_the_prompt(line: Line) -> None:
    line.firmware.expect("AT+CMGS", "+CMS ERROR: 500")

    assert (await line.link.send_pdu(SMS.length, SMS.hex, 2.0)).code == 500


async def test_unplugged_before_and_behind_the_text(line: Line) -> None:
    line.firmware.expect("text", None)
    sending = asyncio.get_running_loop().create_task(line.link.send_pdu(SMS.length, SMS.hex, 5.0))
    await until(lambda: line.firmware.submitted)
    await line.modem.unplug()
    with pytest.raises(Unplugged) as error:
        await sending
    assert error.value.was_text_sent

    with pytest.raises(Unplugged) as error:
        await line.link.send_pdu(SMS.length, SMS.hex, 5.0)
    assert not error.value.was_text_sent


async def test_bytes_one_at_a_time(line: Line) -> None:
    asking = asyncio.get_running_loop().create_task(line.link.run("AT+XX", 2.0, prefix="+XX:"))
    line.firmware.expect("AT+XX", None)
    await until(lambda: "AT+XX" in line.firmware.commands)
    for octet in b"\r\n+XX: 1\r\n\r\nOK\r\n":
        line.modem.say(bytes((octet,)))
        await asyncio.sleep(0)

    assert (await asking).lines == ("+XX: 1",)
