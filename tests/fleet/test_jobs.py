"""Jobs: each modem once, whatever stops in between; pause, cancel, retry; approval and steps of dangerous ones."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from irzhub.fleet.jobs import ItemResult, JobConflict, JobItem, JobRefused, NewJob, UnknownJob
from tests.fleet.job_rig import JobRig, modem_ids


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[JobRig]:
    async with JobRig(tmp_path) as made:
        made.present.update(modem_ids(200))
        yield made


async def test_every_modem_gets_its_item_once_and_its_result(rig: JobRig) -> None:
    rig.answer = lambda item: ItemResult(status="done", result={"for": item.modem})

    created = await rig.create(count=25)
    ended = await rig.ended(created.row.id)

    assert ended.row.status == "done"
    assert ended.counts == {"done": 25}
    assert set(rig.begun_per_modem().values()) == {1}
    items = await rig.jobs.items(created.row.id, limit=100)
    assert [(item.modem, item.result, item.attempt) for item in items] == [
        (modem, {"for": modem}, 1) for modem in modem_ids(25)
    ]


async def test_no_more_run_at_once_than_the_kind_says(rig: JobRig) -> None:
    created = await rig.create(count=10)
    await rig.until(lambda: len(rig.under_way) == 4)
    await rig.end_all()

    assert (await rig.ended(created.row.id)).counts == {"done": 10}
    assert rig.most_at_once == 4


async def test_events_tell_of_the_beginning_each_tenth_and_the_end(rig: JobRig) -> None:
    rig.answer = lambda _item: ItemResult(status="done")

    created = await rig.create(count=20)
    await rig.ended(created.row.id)

    told = await rig.events()
    assert (told[0]["type"], told[0]["status"], told[0]["counts"]) == ("job_changed", "running", {"pending": 20})
    assert told[-1] == {
        "type": "job_finished",
        "job": created.row.id,
        "kind": "try",
        "status": "done",
        "total": 20,
        "counts": {"done": 20},
        "reason": None,
    }
    assert 5 <= len(told) <= 13


async def test_one_item_that_fails_or_breaks_takes_no_other_with_it(rig: JobRig) -> None:
    first, second, third = modem_ids(3)

    def answer(item: JobItem) -> ItemResult:
        if item.modem == first:
            return ItemResult(status="failed", error="the modem refused")
        if item.modem == second:
            raise RuntimeError("a bug")
        return ItemResult(status="done")

    rig.answer = answer
    created = await rig.create(count=3)

    assert (await rig.ended(created.row.id)).counts == {"failed": 2, "done": 1}
    failed = await rig.jobs.items(created.row.id, status="failed")
    assert [item.error for item in failed] == ["the modem refused", "the hub failed: RuntimeError"]
    assert third not in [item.modem for item in failed]
    assert rig.metrics.counter("job_items_total", "", "kind", "result").values == {
        ("try", "failed"): 2,
        ("try", "done"): 1,
    }


async def test_absent_modems_wait_without_holding_up_others(rig: JobRig) -> None:
    absent = set(modem_ids(6)[:4])
    rig.present -= absent
    created = await rig.create(count=6)
    await rig.until(lambda: len(rig.under_way) == 2)
    await rig.end_all()
    assert await rig.status(created.row.id) == "running"
    assert rig.under_way == []

    rig.come(*absent)
    await rig.until(lambda: len(rig.under_way) == 4)
    await rig.end_all()

    assert (await rig.ended(created.row.id)).counts == {"done": 6}


async def test_what_is_not_begun_in_time_expires(rig: JobRig) -> None:
    rig.present.clear()
    created = await rig.create(count=3)
    rig.clock.turn(days=1, seconds=1)
    rig.jobs.tick()

    assert (await rig.ended(created.row.id)).counts == {"expired": 3}
    rig.come(*modem_ids(3))
    await rig.settle()
    assert rig.begun == []


async def test_a_pause_lets_what_runs_end_and_begins_nothing(rig: JobRig) -> None:
    created = await rig.create(count=10)
    await rig.until(lambda: len(rig.under_way) == 4)

    assert (await rig.jobs.pause(created.row.id)).row.status == "paused"
    await rig.end_all()
    assert len(rig.begun) == 4

    assert (await rig.jobs.resume(created.row.id)).row.status == "running"
    await rig.until(lambda: len(rig.under_way) == 4)
    await rig.end_all()
    assert (await rig.ended(created.row.id)).counts == {"done": 10}


@pytest.mark.parametrize("ended_before", [0, 3, 9])
async def test_a_cancel_works_at_any_point(rig: JobRig, ended_before: int) -> None:
    created = await rig.create(count=10)
    for _ in range(ended_before):
        await rig.until(lambda: bool(rig.under_way))
        rig.end(rig.under_way[0])
        await rig.settle()

    await rig.jobs.cancel(created.row.id, "boris")
    ended = await rig.ended(created.row.id)

    assert (ended.row.status, ended.row.reason) == ("cancelled", "cancelled by boris")
    assert ended.counts == {"cancelled": 10 - ended_before} | ({"done": ended_before} if ended_before else {})
    assert set(rig.cancelled) == {item.modem for item in rig.begun[ended_before:]}
    begun = len(rig.begun)
    await rig.settle()
    assert len(rig.begun) == begun


async def test_a_retry_does_again_what_failed_and_nothing_else(rig: JobRig) -> None:
    bad = set(modem_ids(10)[::3])
    rig.answer = lambda item: ItemResult(status="failed" if item.modem in bad else "done", error="no answer")
    created = await rig.create(count=10)
    await rig.ended(created.row.id)

    rig.answer = lambda _item: ItemResult(status="done")
    rig.begun.clear()
    await rig.jobs.retry(created.row.id)

    assert (await rig.ended(created.row.id)).counts == {"done": 10}
    assert {item.modem for item in rig.begun} == bad
    assert {item.attempt for item in rig.begun} == {2}
    with pytest.raises(JobConflict, match="expected a job with items that failed"):
        await rig.jobs.retry(created.row.id)


async def test_no_modem_has_two_items_at_a_time(rig: JobRig) -> None:
    await rig.create(count=2)
    second = await rig.create(count=2)
    await rig.until(lambda: len(rig.under_way) == 2)
    await rig.settle()
    assert len(rig.begun) == 2

    await rig.end_all()
    await rig.until(lambda: len(rig.begun) == 4)
    await rig.end_all()

    assert (await rig.ended(second.row.id)).counts == {"done": 2}


# A restart.


async def test_a_restart_goes_on_repeats_what_ran_and_loses_nothing(tmp_path: Path) -> None:
    async with JobRig(tmp_path) as rig:
        rig.present.update(modem_ids(10))
        created = await rig.create(count=10)
        for _ in range(3):
            await rig.until(lambda: bool(rig.under_way))
            rig.end(rig.under_way[0])
            await rig.settle()
        ran, done = set(rig.under_way), {item.modem for item in rig.begun} - set(rig.under_way)

    async with JobRig(tmp_path, answer=lambda _item: ItemResult(status="done")) as rig:
        rig.come(*modem_ids(10))
        ended = await rig.ended(created.row.id)

        assert ended.counts == {"done": 10}
        assert {item.modem for item in rig.begun if item.is_repeat} == ran
        assert {item.modem for item in rig.begun} == set(modem_ids(10)) - done
        assert {item.attempt for item in rig.begun} == {1}


async def test_what_an_item_told_of_itself_is_there_after_a_restart(tmp_path: Path) -> None:
    async with JobRig(tmp_path) as rig:
        view = await rig.create(1)
        rig.come(*modem_ids(1))
        await rig.until(lambda: len(rig.begun) == 1)
        assert rig.begun[0].so_far == {}
        rig.begun[0].tell({"acknowledged": 6})
        rig.begun[0].tell({"acknowledged": 7})
        await rig.settle()
        assert [item.result for item in await rig.jobs.items(view.row.id)] == [{"acknowledged": 7}]
    async with JobRig(tmp_path, answer=lambda _item: ItemResult(status="done")) as again:
        await again.ended(view.row.id)
        assert [(item.is_repeat, item.so_far) for item in again.begun] == [(True, {"acknowledged": 7})]
        assert [item.result for item in await again.jobs.items(view.row.id)] == [None]
        again.begun[0].tell({"acknowledged": 8})  # of one that has ended, nothing is kept
        await again.settle()
        assert [item.result for item in await again.jobs.items(view.row.id)] == [None]


async def test_a_repeat_does_not_wait_for_its_modem(tmp_path: Path) -> None:
    async with JobRig(tmp_path) as rig:
        rig.present.update(modem_ids(2))
        created = await rig.create(count=2)
        await rig.until(lambda: len(rig.under_way) == 2)

    async with JobRig(tmp_path, answer=lambda item: ItemResult(status="done", error=item.key)) as rig:
        ended = await rig.ended(created.row.id)  # nobody has dialled in: the kind knows how it ended

        assert ended.counts == {"done": 2}
        assert [item.key for item in rig.begun] == [f"{created.row.id}/{position}/1" for position in range(2)]


async def test_a_paused_and_a_waiting_job_are_the_same_after_a_restart(tmp_path: Path) -> None:
    async with JobRig(tmp_path) as rig:
        rig.present.update(modem_ids(20))
        paused = await rig.create(count=8)
        await rig.jobs.pause(paused.row.id)
        waiting = await rig.create(count=20, dangerous=True)

    async with JobRig(tmp_path) as rig:
        rig.come(*modem_ids(20))
        await rig.settle()

        assert await rig.status(paused.row.id) == "paused"
        assert await rig.status(waiting.row.id) == "awaiting_approval"
        assert rig.begun == []


# Dangerous jobs.


async def test_a_dangerous_job_waits_for_somebody_else(rig: JobRig) -> None:
    created = await rig.create(count=11, dangerous=True, by="anna")
    await rig.settle()
    assert (created.row.status, rig.begun) == ("awaiting_approval", [])

    with pytest.raises(JobConflict, match="expected somebody else than who created the job"):
        await rig.jobs.approve(created.row.id, "anna")
    approved = await rig.jobs.approve(created.row.id, "boris")

    assert (approved.row.status, approved.row.approved_by) == ("running", "boris")
    with pytest.raises(JobConflict, match="approve: expected a job that is awaiting_approval, this one is running"):
        await rig.jobs.approve(created.row.id, "viktor")


async def test_a_dangerous_job_for_few_modems_goes_at_once(rig: JobRig) -> None:
    rig.answer = lambda _item: ItemResult(status="done")

    created = await rig.create(count=10, dangerous=True)

    assert (await rig.ended(created.row.id)).row.steps == [10]


async def test_an_unapproved_job_is_over_with_its_time(rig: JobRig) -> None:
    created = await rig.create(count=11, dangerous=True)
    rig.clock.turn(days=2)
    rig.jobs.tick()

    ended = await rig.ended(created.row.id)
    assert (ended.row.status, ended.counts) == ("cancelled", {"expired": 11})


async def step_of(rig: JobRig, id_: str) -> int:
    view = await rig.jobs.get(id_)
    assert view is not None
    return view.row.step


async def test_steps_go_on_only_when_their_modems_are_back_and_answer(rig: JobRig) -> None:
    rig.answer = lambda _item: ItemResult(status="done")
    id_ = (await rig.create(count=200, dangerous=True)).row.id
    await rig.jobs.approve(id_, "boris")
    await rig.until(lambda: len(rig.begun) == 5)
    await rig.settle()
    first = [item.modem for item in rig.begun]

    rig.answered(*first)  # before they have dialled in anew: an answer of the old session proves nothing
    rig.come(*first)
    rig.jobs.tick()
    await rig.settle()
    assert len(rig.begun) == 5

    rig.answered(*first[:4])
    rig.jobs.tick()
    await rig.settle()
    assert (len(rig.begun), await step_of(rig, id_)) == (5, 0)

    rig.answered(first[4])
    rig.jobs.tick()
    await rig.until(lambda: len(rig.begun) == 50)
    assert await step_of(rig, id_) == 1
    items = await rig.jobs.items(id_, limit=200)
    assert [item.has_returned for item in items].count(True) == 5


async def test_steps_of_a_large_fleet(rig: JobRig) -> None:
    created = await rig.create(count=5000, dangerous=True)
    assert created.row.steps == [5, 50, 500, 5000]


async def test_a_change_that_loses_modems_stops_at_the_first_step(rig: JobRig) -> None:
    rig.answer = lambda _item: ItemResult(status="done")
    id_ = (await rig.create(count=200, dangerous=True)).row.id
    await rig.jobs.approve(id_, "boris")
    await rig.until(lambda: len(rig.begun) == 5)
    await rig.settle()
    back = [item.modem for item in rig.begun][:4]
    rig.come(*back)
    rig.answered(*back)

    rig.clock.turn(minutes=14, seconds=59)
    rig.jobs.tick()
    assert await rig.status(id_) == "running"
    rig.clock.turn(seconds=2)
    rig.jobs.tick()
    await rig.settle()

    assert await rig.status(id_) == "stopped"
    assert len(rig.begun) == 5
    assert (await rig.events())[-1]["reason"] == "1 modems of step 1 failed or are not back"


async def test_a_step_of_fifty_stops_at_the_first_loss_too_and_a_person_can_go_on(rig: JobRig) -> None:
    rig.answer = lambda _item: ItemResult(status="done")
    rig.reconnects = False
    id_ = (await rig.create(count=200, dangerous=True)).row.id
    await rig.jobs.approve(id_, "boris")
    await rig.until(lambda: len(rig.begun) == 5)
    await rig.settle()
    rig.answered(*(item.modem for item in rig.begun))
    rig.jobs.tick()
    await rig.until(lambda: len(rig.begun) == 50)
    await rig.settle()
    rig.answered(*(item.modem for item in rig.begun[:-1]))
    rig.clock.turn(minutes=16)
    rig.jobs.tick()
    assert await rig.status(id_) == "stopped"

    await rig.jobs.resume(id_)
    await rig.until(lambda: len(rig.begun) == 200)
    await rig.settle()
    rig.answered(*modem_ids(200))  # also of the last step the job says who is back
    rig.jobs.tick()

    assert (await rig.ended(id_)).counts == {"done": 200}


async def test_failures_count_as_losses(rig: JobRig) -> None:
    rig.answer = lambda _item: ItemResult(status="failed", error="wrong password")
    id_ = (await rig.create(count=200, dangerous=True)).row.id
    await rig.jobs.approve(id_, "boris")
    await rig.until(lambda: len(rig.begun) >= 4)
    await rig.settle()

    assert await rig.status(id_) == "stopped"
    assert len(rig.begun) <= 5


async def test_the_first_step_takes_modems_that_are_there(rig: JobRig) -> None:
    rig.present = set(modem_ids(200)[100:])
    id_ = (await rig.create(count=200, dangerous=True)).row.id
    await rig.jobs.approve(id_, "boris")
    await rig.until(lambda: len(rig.under_way) == 4)

    assert set(rig.under_way) <= rig.present


async def test_a_restart_in_the_middle_of_a_step_keeps_the_gate(tmp_path: Path) -> None:
    def done(_item: JobItem) -> ItemResult:
        return ItemResult(status="done")

    async with JobRig(tmp_path, answer=done) as rig:
        rig.present.update(modem_ids(100))
        id_ = (await rig.create(count=100, dangerous=True)).row.id
        await rig.jobs.approve(id_, "boris")
        await rig.until(lambda: len(rig.begun) == 5)
        await rig.settle()
        first = [item.modem for item in rig.begun]

    async with JobRig(tmp_path, answer=done) as rig:
        rig.come(*modem_ids(100))
        rig.jobs.tick()
        await rig.settle()
        assert rig.begun == []

        rig.answered(*first)
        rig.jobs.tick()
        await rig.until(lambda: len(rig.begun) == 45)


# What cannot be done.


async def test_what_cannot_be_a_job_is_refused(rig: JobRig) -> None:
    with pytest.raises(JobRefused, match="kind: expected one of try, got 'nonsense'"):
        await rig.jobs.create(NewJob(kind="nonsense", modems=("1",), created_by="anna"))
    with pytest.raises(JobRefused, match="expected 1 to 100000 modems, got 0"):
        await rig.jobs.create(NewJob(kind="try", modems=(), created_by="anna"))


async def test_unknown_jobs_and_actions_that_do_not_fit(rig: JobRig) -> None:
    rig.answer = lambda _item: ItemResult(status="done")
    created = await rig.create(count=1)
    await rig.ended(created.row.id)

    with pytest.raises(JobConflict, match="pause: expected a job that is running, this one is done"):
        await rig.jobs.pause(created.row.id)
    with pytest.raises(UnknownJob):
        await rig.jobs.cancel("01K00000000000000000000000", "anna")
    assert await rig.jobs.get("01K00000000000000000000000") is None


async def test_secrets_are_not_shown(rig: JobRig) -> None:
    created = await rig.create(count=1, password="hunter2", pages=3)

    assert created.shown_args == {"pages": 3}
    assert "hunter2" not in repr(created) + str(await rig.events())


async def test_pages_of_jobs_and_items(rig: JobRig) -> None:
    rig.answer = lambda _item: ItemResult(status="done")
    ids = []
    for _ in range(3):
        ids.append((await rig.create(count=5)).row.id)
        await rig.ended(ids[-1])
        await asyncio.sleep(0.002)
        rig.clock.turn(seconds=1)

    newest = await rig.jobs.page(limit=2)
    rest = await rig.jobs.page(limit=2, before=newest[-1].row.id)

    assert [view.row.id for view in newest + rest] == ids[::-1]
    assert [view.counts for view in newest] == [{"done": 5}, {"done": 5}]
    assert await rig.jobs.page(status="running") == []
    assert [item.position for item in await rig.jobs.items(ids[0], after=2)] == [3, 4]
