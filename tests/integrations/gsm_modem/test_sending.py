"""One SMS through a modem: what is known of it afterwards, in every trouble."""

import asyncio
from typing import Any

import pytest

from integrations.gsm_modem.sending import Sent, send_sms
from tests.integrations.gsm_modem.conftest import TO, Line, until


async def sends(line: Line, text: str = "дверь", to: str = TO, **about: Any) -> Sent:
    base: dict[str, Any] = {"report": False, "validity_s": 86400.0, "timeout_s": 0.3}
    return await send_sms(line.link, to, text, 42, **(base | about))


async def test_sent_in_parts(line: Line) -> None:
    assert await sends(line, "я" * 150) == Sent("sent", None, (1, 2, 3))
    assert [(each.reference, each.total, each.number) for each in line.firmware.texts()] == [
        (42, 3, 1),
        (42, 3, 2),
        (42, 3, 3),
    ]
    assert "".join(each.text for each in line.firmware.texts()) == "я" * 150


@pytest.mark.parametrize("text", ["a\x1aAT+CFUN=0\r\nb", "a\x1b\0b", "\r\nOK\r\n"], ids=["Ctrl-Z", "ESC", "OK"])
async def test_a_text_never_becomes_a_command(line: Line, text: str) -> None:
    before = len(line.firmware.commands)

    assert (await sends(line, text)).outcome == "sent"
    assert [each.partition("=")[0] for each in line.firmware.commands[before:]] == ["AT+CMGS"]


@pytest.mark.parametrize(
    ("answer", "outcome", "fate"),
    [
        ("ERROR", "later", "later"),
        ("+CMS ERROR: 500", "later", "later"),
        ("+CMS ERROR: 332", "unknown", "unknown"),
        ("+CMS ERROR: 1", "refused", "refused"),
        ("+CMS ERROR: 21", "later", "credit"),
        ("+CMS ERROR: 322", "later", "full"),
        ("+CMS ERROR: 331", "later", "network"),
    ],
)
async def test_refusals(line: Line, answer: str, outcome: str, fate: str) -> None:
    line.firmware.expect("text", answer)
    sent = await sends(line)

    assert (sent.outcome, sent.fate, sent.references) == (outcome, fate, ())


async def test_a_part_that_fails_behind_one_that_left_is_in_doubt(line: Line) -> None:
    line.firmware.expect("text", "+CMGS: 9\r\n\r\nOK", "+CMS ERROR: 500")

    assert await sends(line, "я" * 100) == Sent(
        "unknown", "part 2 of 2: unknown error of the modem (+CMS ERROR: 500)", (9,), fate="later"
    )


async def test_ok_without_a_reference_is_in_doubt(line: Line) -> None:
    line.firmware.expect("text", "OK")

    assert await sends(line) == Sent("unknown", "the modem says OK without +CMGS")


async def test_silence(line: Line) -> None:
    line.firmware.expect("AT+CMGS", None)
    assert (await sends(line)).outcome == "later"

    await line.link.settle()
    line.firmware.expect("text", None)
    assert (await sends(line)).outcome == "unknown"


async def test_unplugged(line: Line) -> None:
    line.firmware.expect("text", None)
    sending = asyncio.get_running_loop().create_task(sends(line, timeout_s=5.0))
    await until(lambda: line.firmware.submitted)
    await line.modem.unplug()

    assert (await sending).outcome == "unknown"
    assert (await sends(line)).outcome == "later"


async def test_what_cannot_be_written_is_refused(line: Line) -> None:
    assert (await sends(line, to="+7921;AT")).outcome == "refused"
    assert (await sends(line, "я" * 67 * 256)).outcome == "refused"
    assert line.firmware.submitted == []
