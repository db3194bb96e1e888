"""The job that sends one command to many modems; jobs themselves are in test_jobs."""

import asyncio
from typing import Any

import pytest

from irzhub.fleet.command_jobs import command_kind
from irzhub.fleet.jobs import JobRefused, NewJob
from irzhub.relay.messages import CommandAnswered, ToRelay
from irzhub.relay.orders import SendCommand
from tests.fleet.conftest import Desk, open_port

MODEMS = tuple(f"86844103677523{number}" for number in range(3))


def answer_all(desk: Desk, status: str = "ok", cause: str = "") -> None:
    """Have the relay answer every command at once."""

    def answer(message: ToRelay) -> None:
        open_port(desk, message)
        if isinstance(message, SendCommand):
            desk.reception.receive(
                CommandAnswered(request=message.request, modem=message.modem, status=status, cause=cause, error=cause)
            )

    desk.on_send = answer


async def ended(desk: Desk, id_: str) -> Any:
    async with asyncio.timeout(5):
        while (view := await desk.orders.jobs.get(id_)) is None or view.row.finished_at is None:
            await asyncio.sleep(0.01)
    return view


async def test_each_modem_gets_the_command_and_its_outcome_is_the_items(desk: Desk) -> None:
    for modem in MODEMS:
        await desk.dial_in(modem)
    answer_all(desk)
    new = NewJob(kind="command", modems=MODEMS, args={"command": "signal"}, created_by="anna")

    view = await ended(desk, (await desk.orders.jobs.create(new)).row.id)

    assert view.counts == {"done": 3}
    sent = [message.modem for message in desk.sent if isinstance(message, SendCommand)]
    assert sorted(sent) == sorted(MODEMS)
    rows = await desk.commands.page()
    assert {(row.origin, row.priority, row.status) for row in rows} == {("job:anna", "background", "done")}
    assert {row.dedupe for row in rows} == {f"{view.row.id}/{position}/1" for position in range(3)}


async def test_a_refusal_fails_the_item_with_its_reason(desk: Desk) -> None:
    await desk.dial_in(MODEMS[0])
    answer_all(desk, "error", "refused")
    new = NewJob(kind="command", modems=MODEMS[:1], args={"command": "change_sim"}, created_by="anna")

    view = await ended(desk, (await desk.orders.jobs.create(new)).row.id)

    (item,) = await desk.orders.jobs.items(view.row.id)
    assert (item.status, item.error) == ("failed", "refused")


async def test_what_cannot_be_sent_is_refused_before_there_is_a_job(desk: Desk) -> None:
    for args, error in (({"command": "reboot"}, "the template reboot is off"), ({"command": "x"}, "expected one of")):
        with pytest.raises(JobRefused, match=error):
            await desk.orders.jobs.create(NewJob(kind="command", modems=MODEMS, args=args, created_by="anna"))


def test_what_may_cut_modems_off_is_dangerous(desk: Desk) -> None:
    kind = command_kind(desk.commands, desk.clock, 4)

    assert [
        name
        for name in ("signal", "set_output", "standby", "change_sim", "raw")
        if kind.is_dangerous({"command": name})
    ] == [
        "standby",
        "change_sim",
        "raw",
    ]
    assert kind.reconnects({"command": "standby"})
    assert not kind.reconnects({"command": "raw"})
