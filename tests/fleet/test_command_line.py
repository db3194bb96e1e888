import asyncio
from datetime import UTC, datetime

from irzhub.fleet.command_line import CommandLine
from irzhub.relay.messages import CommandAnswered
from irzhub.relay.orders import SendCommand
from irzhub.storage.commands import CommandRow

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ROW = CommandRow(
    id="01K00000000000000000000001",
    modem="868441036775234",
    command="pulse",
    args={"output": 4},
    origin="test",
    status="sent",
    created_at=NOW,
    expires_at=NOW,
    attempts=2,
)


async def test_the_answer_to_this_very_try_is_taken() -> None:
    sent: list[SendCommand] = []
    line = CommandLine(sent.append)
    asking = asyncio.get_running_loop().create_task(line.ask(ROW, "$gp{output}=1", 1.0))
    await asyncio.sleep(0)
    assert [(each.request, each.form, each.timeout_s) for each in sent] == [(f"{ROW.id}-2", "$gp{output}=1", 1.0)]

    line.answered(CommandAnswered(request=f"{ROW.id}-1", modem=ROW.modem, status="ok"))  # of the try before
    assert not asking.done()
    line.answered(CommandAnswered(request=f"{ROW.id}-2", modem=ROW.modem, status="ok", data={"text": "OK"}))

    assert (await asking).data == {"text": "OK"}


async def test_silence_of_the_relay_is_silence_of_the_modem() -> None:
    line = CommandLine(lambda _message: None, margin_s=0.0)

    answer = await line.ask(ROW, None, 0.01)

    assert (answer.status, answer.cause) == ("error", "unanswered")


async def test_it_is_idle_once_all_is_answered_or_the_time_is_over() -> None:
    line = CommandLine(lambda _message: None)
    asking = asyncio.get_running_loop().create_task(line.ask(ROW, None, 5.0))
    await asyncio.sleep(0)
    await line.wait_idle(0.01)
    assert not asking.done()

    waiting = asyncio.get_running_loop().create_task(line.wait_idle(5.0))
    line.answered(CommandAnswered(request=f"{ROW.id}-2", modem=ROW.modem, status="ok"))
    await asyncio.wait_for(waiting, 1.0)

    assert (await asking).status == "ok"
