"""Dialogues as the fleet sees them, without a relay: the test plays it."""

import asyncio
from typing import Any

from irzhub.fleet.dialogue_desk import DialogueDesk
from irzhub.relay.messages import DialogueEnded, DialogueProgress, ToRelay
from irzhub.relay.orders import CancelDialogue, StartDialogue
from tests.fleet.conftest import IMEI


def start(request: str = "r1", **changes: Any) -> StartDialogue:
    return StartDialogue(**{
        "request": request, "modem": IMEI, "kind": "settings", "password": "5492", "lines": [b"AT$A=1"], **changes
    })  # fmt: skip


def ended(request: str = "r1", **changes: Any) -> DialogueEnded:
    values: dict[str, Any] = {"request": request, "modem": IMEI, "at": 1.0, "reason": "", "detail": ""}
    return DialogueEnded(**{**values, "acknowledged": 1, "total": 1, "may_have_applied": False, **changes})


async def test_a_dialogue_is_sent_followed_and_ended() -> None:
    sent: list[ToRelay] = []
    desk = DialogueDesk(sent.append)
    running = asyncio.ensure_future(desk.run(start()))  # noqa: TID251
    await asyncio.sleep(0)
    told = DialogueProgress(request="r1", modem=IMEI, at=1.0, is_running=True, acknowledged=0, total=1)
    desk.take(told)
    assert desk.progress(IMEI) == told
    assert desk.cancel("r1")
    assert not desk.cancel("r2")
    desk.take(ended())
    assert (await running).reason == ""
    assert sent == [start(), CancelDialogue(request="r1", modem=IMEI)]
    assert desk.progress(IMEI) is None


async def test_who_wants_to_know_hears_how_far_it_is() -> None:
    desk, heard = DialogueDesk(lambda _message: None), list[int]()
    running = asyncio.ensure_future(desk.run(start(), heard.append))  # noqa: TID251
    await asyncio.sleep(0)
    for acknowledged in (1, 2):
        desk.take(DialogueProgress("r1", IMEI, 1.0, is_running=True, acknowledged=acknowledged, total=3))
    desk.take(ended())
    await running
    desk.take(DialogueProgress("r1", IMEI, 1.0, is_running=True, acknowledged=3, total=3))
    assert heard == [1, 2]


async def test_an_end_that_was_told_before_it_was_asked_for_is_kept() -> None:
    sent: list[ToRelay] = []
    desk = DialogueDesk(sent.append)
    desk.take(ended("old", reason="timed_out"))
    assert (await desk.run(start("old"))).reason == "timed_out"
    assert sent == []


async def test_the_next_dial_in_after_the_end_is_the_return() -> None:
    desk = DialogueDesk(lambda _message: None)
    desk.modem_returned(IMEI)
    desk.take(ended())
    assert not await desk.wait_return(IMEI, 0.01)
    desk.take(ended())
    desk.modem_returned(IMEI)
    assert await desk.wait_return(IMEI, 0.01)
    assert not await desk.wait_return(IMEI, 0.01)
