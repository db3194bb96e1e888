"""Commands: sent when the modem is there, kept until it is, never sent once they have expired."""

import asyncio
from datetime import timedelta

import pytest

from irzhub.core.exceptions import CommandError, UnknownModem
from irzhub.core.services import CommandOutcome, ModemCommand
from irzhub.fleet.commands import WAITING_PER_MODEM, CommandLimits
from irzhub.relay.messages import CommandAnswered, ToRelay
from irzhub.relay.orders import SendCommand
from tests.fleet.conftest import IMEI, Desk, registration, session_closed, session_opened


def command(desk: Desk, name: str = "signal", seconds: float = 5.0, **args: object) -> ModemCommand:
    """Return a command that expires after `seconds`."""
    expires = desk.clock.now() + timedelta(seconds=seconds)
    return ModemCommand(modem=IMEI, command=name, args=args, expires_at=expires, origin="test")


def answers(desk: Desk, status: str = "ok", **data: object) -> None:
    """Have the relay answer every command at once."""

    def answer(message: ToRelay) -> None:
        if isinstance(message, SendCommand):
            desk.reception.receive(
                CommandAnswered(request=message.request, modem=message.modem, status=status, data=data)
            )

    desk.on_send = answer


async def test_present_modem_gets_it_at_once(desk: Desk) -> None:
    await desk.dial_in()
    answers(desk, csq=21)

    outcome = await desk.commands.run(command(desk, "set_output", output=4, on=True))

    assert outcome == CommandOutcome(status="ok", data={"csq": 21})
    sent = desk.last_sent(SendCommand)
    assert (sent.modem, sent.command, sent.args) == (IMEI, "set_output", {"output": 4, "on": True})
    finished = (await desk.events())[-1]
    assert finished.pop("command_id")
    assert finished == {
        "type": "command_finished",
        "command": "set_output",
        "status": "ok",
        "origin": "test",
        "result": {"csq": 21},
        "error": None,
        "via": "gprs",
        "attempts": 1,
    }


async def test_absent_modem_gets_it_on_its_return(desk: Desk) -> None:
    await desk.registrar.decide(registration())
    answers(desk, csq=3)
    running = asyncio.get_running_loop().create_task(desk.commands.run(command(desk)))
    await asyncio.sleep(0.02)
    assert not any(isinstance(message, SendCommand) for message in desk.sent)

    desk.reception.receive(session_opened())

    assert (await running).status == "ok"


async def test_expired_command_is_never_sent(desk: Desk) -> None:
    await desk.registrar.decide(registration())
    answers(desk)

    outcome = await desk.commands.run(command(desk, seconds=0.05))
    desk.reception.receive(session_opened())
    await asyncio.sleep(0.05)

    assert outcome.status == "expired"
    assert not any(isinstance(message, SendCommand) for message in desk.sent)
    assert "expired" in [event.get("status") for event in await desk.events()]


async def test_command_that_came_expired_is_not_sent_even_to_a_present_modem(desk: Desk) -> None:
    await desk.dial_in()
    answers(desk)

    outcome = await desk.commands.run(command(desk, seconds=-1))

    assert outcome.status == "expired"
    assert not any(isinstance(message, SendCommand) for message in desk.sent)


async def test_refusal_of_the_relay_is_passed_on(desk: Desk) -> None:
    await desk.dial_in()
    answers(desk, status="error")

    assert (await desk.commands.run(command(desk))).status == "error"


async def test_silence_of_the_relay_ends_the_wait(desk: Desk) -> None:
    desk.commands.line.margin_s = 0.01
    desk.commands.limits = CommandLimits(answer_timeout_s=0.02, retry_pause_s=0.01)
    await desk.dial_in()
    desk.on_send = None

    outcome = await desk.commands.run(command(desk))

    assert (outcome.status, outcome.error) == (
        "error",
        "the relay did not tell how the command ended, 2 times tried",
    )


async def test_unknown_modem_is_refused(desk: Desk) -> None:
    with pytest.raises(UnknownModem, match="868441036775234"):
        await desk.commands.run(command(desk))


async def test_queue_of_an_absent_modem_is_bounded(desk: Desk) -> None:
    await desk.registrar.decide(registration())
    for _ in range(WAITING_PER_MODEM):
        await desk.commands.submit(command(desk))

    with pytest.raises(CommandError, match="64 commands wait for this modem already"):
        await desk.commands.run(command(desk))


async def test_modem_that_left_before_its_queue_was_sent_gets_it_next_time(desk: Desk) -> None:
    await desk.dial_in()
    desk.reception.receive(session_closed())
    answers(desk)
    running = asyncio.get_running_loop().create_task(desk.commands.run(command(desk)))
    await asyncio.sleep(0)

    desk.reception.receive(session_opened(generation=2))

    assert (await running).status == "ok"
