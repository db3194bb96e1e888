"""From plugged in to ready: what a modem is, its SIM card, and never the card's last try."""

import asyncio

import pytest

from integrations.gsm_modem.link import Unplugged
from integrations.gsm_modem.startup import (
    Identity,
    Mute,
    PinTry,
    ask_network,
    awaken,
    open_sim,
    prepare,
    sim_state,
    subscribe,
)
from tests.integrations.gsm_modem.conftest import Line


def pin_try(pin: str | None, *, may: bool = True) -> tuple[PinTry, list[str]]:
    """Return a try, and what was noted of it."""
    noted: list[str] = []

    async def may_try(card: str) -> bool:
        noted.append(f"try {card}")
        return may

    async def succeeded() -> None:
        noted.append("open")

    return PinTry(pin, may_try, succeeded), noted


async def test_what_it_says_of_itself(line: Line) -> None:
    assert await prepare(line.link) == Identity("SIM900R", "861774030000017", "89701010066061234567")


async def test_what_a_make_does_not_know_is_left_out(line: Line) -> None:
    line.firmware.expect("AT+CGMM", "ERROR")
    line.firmware.expect("AT+CGSN", "no digits\r\n\r\nOK")
    line.firmware.expect("AT+CCID", "+CME ERROR: 13")

    assert await prepare(line.link) == Identity(None, None, None)


async def test_a_mute_modem_is_reset_and_then_given_up(line: Line) -> None:
    line.firmware.expect("AT", None, None)
    await awaken(line.link)
    assert "AT+CFUN=1,1" not in line.firmware.commands

    line.firmware.is_deaf = True
    task = asyncio.get_running_loop().create_task(awaken(line.link))
    with pytest.raises(Mute, match="not even after a reset: switch its power off and on"):
        await asyncio.wait_for(task, 30)


async def test_a_modem_in_flight_mode_is_switched_on(line: Line) -> None:
    line.firmware.expect("AT+CFUN?", "+CFUN: 4\r\n\r\nOK")
    await prepare(line.link)
    assert "AT+CFUN=1" in line.firmware.commands

    line.firmware.commands.clear()
    line.firmware.expect("AT+CFUN?", "+CFUN: 1\r\n\r\nOK")
    await prepare(line.link)
    assert "AT+CFUN=1" not in line.firmware.commands


async def test_a_prompt_that_a_killed_program_left_takes_nothing_of_this_one(line: Line) -> None:
    line.firmware.commands.clear()
    line.firmware._is_text, line.firmware._length = True, 20
    await awaken(line.link)

    assert line.firmware.commands == ["AT"]
    assert line.firmware.submitted == []


async def test_a_modem_that_has_lte_alone(line: Line) -> None:
    line.firmware.registration = 0
    line.firmware.expect("AT+CEREG?", "+CEREG: 0,1\r\n\r\nOK")

    assert (await ask_network(line.link))[0] == "home"
    assert (await ask_network(line.link))[0] == "none"


async def test_it_reports_what_it_is_to_report(line: Line) -> None:
    line.firmware.expect("AT+CNMI=2,1,0,1,0", "+CMS ERROR: 303")
    line.firmware.expect('AT+CPMS="SM"', "+CMS ERROR: 302")
    await subscribe(line.link)

    assert line.firmware.commands[1:6] == [
        "AT+CMGF=0",
        "AT+CNMI=2,1,0,1,0",
        "AT+CNMI=2,1,0,1",
        'AT+CPMS="SM","SM","SM"',
        'AT+CPMS="ME","ME","ME"',
    ]
    line.firmware.expect("AT+CMGF", "ERROR")
    with pytest.raises(Mute, match="no PDU mode"):
        await subscribe(line.link)


async def test_a_card_without_a_pin(line: Line) -> None:
    pin, noted = pin_try("1234")

    assert await open_sim(line.link, pin, "card") == "ready"
    assert noted == ["open"]


async def test_the_right_pin_opens_the_card(line: Line) -> None:
    line.firmware.pin = "1234"
    pin, noted = pin_try("1234")

    assert await open_sim(line.link, pin, "card") == "ready"
    assert noted == ["try card", "open"]


async def test_a_wrong_pin_is_tried_once(line: Line) -> None:
    line.firmware.pin = "1234"
    pin, noted = pin_try("4321")

    assert await open_sim(line.link, pin, "card") == "pin_refused"
    assert line.firmware.tries == 2
    assert noted == ["try card"]


async def test_the_last_try_belongs_to_people(line: Line) -> None:
    line.firmware.pin, line.firmware.tries = "1234", 1
    pin, _ = pin_try("1234")

    assert await open_sim(line.link, pin, "card") == "pin_refused"
    assert line.firmware.tries == 1
    assert [each for each in line.firmware.commands if each.startswith('AT+CPIN="')] == []


async def test_a_pin_that_was_tried_before_is_not_tried_again(line: Line) -> None:
    line.firmware.pin = "1234"
    line.firmware.expect("AT+CPINR", "ERROR")  # many a modem cannot tell how many tries are left
    pin, _ = pin_try("1234", may=False)

    assert await open_sim(line.link, pin, "card") == "pin_refused"
    assert line.firmware.tries == 3


async def test_a_puk_is_never_tried(line: Line) -> None:
    line.firmware.pin, line.firmware.tries = "1234", 0
    pin, noted = pin_try("1234")

    assert await open_sim(line.link, pin, "card") == "puk_wanted"
    assert noted == []


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("+CME ERROR: 10", "no_sim"),
        ("+CME ERROR: 13", "no_sim"),
        ("ERROR", "sim_failed"),
        ("+CPIN: SIM PUK2\r\n\r\nOK", "puk_wanted"),
        ("+CPIN: PH-NET PIN\r\n\r\nOK", "sim_failed"),
        ("+CPIN: SIM PIN\r\n\r\nOK", "pin_wanted"),
    ],
)
async def test_states_of_the_card(line: Line, answer: str, state: str) -> None:
    line.firmware.expect("AT+CPIN?", answer)

    assert await sim_state(line.link) == state


async def test_a_busy_card_is_waited_for(line: Line) -> None:
    line.firmware.expect("AT+CPIN?", "+CME ERROR: 14", "+CME ERROR: 14")

    assert await sim_state(line.link) == "ready"


async def test_network_operator_and_signal(line: Line) -> None:
    assert await ask_network(line.link) == ("home", "MTS RUS", 21)

    line.firmware.registration, line.firmware.csq = 2, 99
    assert await ask_network(line.link) == ("searching", None, None)

    line.firmware.expect("AT+CREG?", "ERROR")
    line.firmware.expect("AT+COPS?", "+COPS: 0,0,Beeline\r\n\r\nOK")
    line.firmware.expect("AT+CSQ", "+CSQ: many,0\r\n\r\nOK")
    assert await ask_network(line.link) == (None, "Beeline", None)


async def test_unplugged_meanwhile(line: Line) -> None:
    await line.modem.unplug()
    with pytest.raises(Unplugged):
        await awaken(line.link)
