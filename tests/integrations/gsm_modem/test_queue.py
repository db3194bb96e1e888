"""The queue: the most urgent first, then the oldest; what rests does not stand in the way."""

import asyncio
import dataclasses
from datetime import UTC, datetime

from integrations.gsm_modem.queue import Job, OrderQueue
from irzhub.storage.phone import PhoneOrder


def job(id_: str, priority: int = 1, not_before: float = 0.0) -> Job:
    order = PhoneOrder(
        id=id_, kind="sms", number="+79211234567", text="x", modem=None, origin="hub", priority=priority,
        status="queued", created_at=datetime(2026, 11, int(id_), tzinfo=UTC),
    )  # fmt: skip
    return Job(order, not_before=not_before)


async def test_urgency_then_age() -> None:
    queue = OrderQueue()
    for each in (job("03", 2), job("02"), job("04", 0), job("01")):
        queue.put(each)

    assert [taken.id for _ in range(4) if (taken := queue.pop(0.0)) is not None] == ["04", "01", "02", "03"]
    assert queue.pop(0.0) is None


async def test_of_one_moment_the_first_that_came_goes_first() -> None:
    queue, ids = OrderQueue(), ["09", "02", "07"]
    for each in ids:
        made = job(each)
        made.order = dataclasses.replace(made.order, created_at=datetime(2026, 11, 21, tzinfo=UTC))
        queue.put(made)

    assert [taken.id for _ in ids if (taken := queue.pop(0.0)) is not None] == ids


async def test_what_rests_lets_others_pass() -> None:
    queue = OrderQueue()
    queue.put(job("01", 0, not_before=10.0))
    queue.put(job("02", 2))

    assert [each.id for each in [queue.pop(0.0)] if each] == ["02"]
    assert queue.pop(9.9) is None
    assert queue.rest_s(4.0) == 6.0
    assert [each.id for each in [queue.pop(10.0)] if each] == ["01"]
    assert queue.rest_s(0.0) is None


async def test_what_was_called_off_is_not_taken() -> None:
    queue = OrderQueue()
    first = job("01")
    queue.put(first)
    queue.put(job("02"))

    assert queue.remove("01") is first
    assert queue.remove("01") is None
    assert "01" not in queue
    assert "02" in queue
    assert len(queue) == 1
    assert [each.id for each in [queue.pop(0.0)] if each] == ["02"]


async def test_one_that_is_put_back_is_taken_once() -> None:
    queue = OrderQueue()
    again = job("01")
    queue.put(again)
    assert queue.pop(0.0) is again
    queue.put(again)
    assert queue.jobs() == [again]
    assert queue.pop(0.0) is again
    assert queue.pop(0.0) is None


async def test_who_listens_is_stirred() -> None:
    queue, stir = OrderQueue(), asyncio.Event()
    queue.listen(stir)
    queue.put(job("01"))
    assert stir.is_set()

    stir.clear()
    queue.leave(stir)
    queue.put(job("02"))
    assert not stir.is_set()
