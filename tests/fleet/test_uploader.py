"""Tries and returns: which ends are tried again, from where, and when it is over."""

import asyncio
from typing import Any

import pytest

from irzhub.fleet.dialogue_desk import DialogueDesk
from irzhub.fleet.uploader import Uploader, UploadOrder, UploadOutcome
from irzhub.relay.messages import ToRelay
from irzhub.relay.orders import CancelDialogue, StartDialogue
from tests.fleet.conftest import IMEI
from tests.fleet.test_dialogue_desk import ended

LINES = (b"one", b"two", b"three")


def order(**changes: Any) -> UploadOrder:
    values: dict[str, Any] = {"key": "job/0/1", "modem": IMEI, "kind": "firmware", "password": "5492", "lines": LINES}
    values |= {"prefix": "%04d", "line_s": 1.0, "deadline_s": 1.0, "return_within_s": 0.05, "attempts": 3}
    return UploadOrder(**{**values, **changes})


async def carried_out(ends: list[dict[str, Any]], **changes: Any) -> tuple[UploadOutcome, list[StartDialogue]]:
    """Carry out an order; the modem's dialogues end as given, and it is back after the last one."""
    started: list[StartDialogue] = []
    left = list(ends)

    def relay(message: ToRelay) -> None:
        assert isinstance(message, StartDialogue)
        started.append(message)
        values = {"acknowledged": 3, "total": 3, **left.pop(0)}
        desk.take(ended(message.request, **values))
        if not values.get("reason"):
            desk.modem_returned(IMEI)

    desk = DialogueDesk(relay)
    return await Uploader(desk).carry_out(order(**changes)), started


async def test_taken_and_back_at_once() -> None:
    outcome, started = await carried_out([{}])
    assert (outcome.reason, outcome.was_taken, outcome.attempts) == ("", True, 1)
    assert [each.request for each in started] == ["job/0/1/1"]


@pytest.mark.parametrize(("resumes", "first"), [(True, [0, 1, 2]), (False, [0, 0, 0])])
async def test_a_broken_link_is_tried_again_from_where_it_may(resumes: bool, first: list[int]) -> None:
    breaks = [{"reason": "disconnected", "acknowledged": 1}, {"reason": "timed_out", "acknowledged": 2}, {}]
    outcome, started = await carried_out(breaks, resumes=resumes)
    assert (outcome.reason, outcome.attempts) == ("", 3)
    assert [each.first for each in started] == first


@pytest.mark.parametrize("reason", ["password_refused", "line_refused", "busy", "deadline", "cancelled", "hub_stop"])
async def test_a_refusal_is_not_tried_again(reason: str) -> None:
    outcome, started = await carried_out([{"reason": reason, "acknowledged": 1}])
    assert (outcome.reason, outcome.was_taken, len(started)) == (reason, False, 1)


async def test_it_gives_up_after_its_attempts() -> None:
    outcome, started = await carried_out([{"reason": "worker_lost", "may_have_applied": True}] * 2, attempts=2)
    assert (outcome.reason, outcome.attempts, len(started)) == ("worker_lost", 2, 2)


async def test_a_modem_that_is_not_back_is_lost_though_it_took_all() -> None:
    desk = DialogueDesk(lambda message: desk.take(ended(getattr(message, "request", ""))))
    outcome = await Uploader(desk).carry_out(order())
    assert (outcome.reason, outcome.was_taken) == ("not_back", True)


async def test_cancelling_reaches_the_relay_and_ends_the_tries() -> None:
    sent: list[ToRelay] = []
    desk = DialogueDesk(sent.append)
    uploader = Uploader(desk)
    running = asyncio.ensure_future(uploader.carry_out(order()))  # noqa: TID251
    await asyncio.sleep(0)
    uploader.cancel("job/0/1")
    uploader.cancel("another")
    desk.take(ended("job/0/1/1", reason="disconnected"))
    assert (await running).attempts == 1
    assert sent[1:] == [CancelDialogue(request="job/0/1/1", modem=IMEI)]


@pytest.mark.parametrize(("first", "begins"), [(0, 0), (2, 2), (3, 3), (9, 3)])
async def test_an_interrupted_order_goes_on_where_it_was(first: int, begins: int) -> None:
    outcome, started = await carried_out([{}], first=first, resumes=True)
    assert (outcome.reason, [each.first for each in started]) == ("", [begins])
