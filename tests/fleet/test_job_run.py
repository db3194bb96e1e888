"""One job in memory; what the engine makes of it is in test_jobs."""

from datetime import UTC, datetime, timedelta

from irzhub.fleet.job_kind import ItemResult, JobKind, NewJob
from irzhub.fleet.job_plan import Staging
from irzhub.fleet.job_run import JobRun, new_run
from tests.fleet.job_rig import modem_ids
from tests.fleet.test_job_kind import nothing

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
KIND = JobKind(name="try", run=nothing, is_dangerous=lambda args: bool(args.get("dangerous")))


def run_of(count: int, present: set[str], **args: object) -> JobRun:
    new = NewJob(kind="try", modems=modem_ids(count), args=dict(args), created_by="anna")
    run = new_run(KIND, new, new.modems, Staging(), lambda modem: modem in present, NOW)
    if run.status == "awaiting_approval":
        run.act("approve")
    run.open_step()
    return run


def begin(run: JobRun) -> list[str]:
    """Begin whatever can be begun; return the modems."""
    begun = []
    while (item := run.next_item(lambda _modem: True)) is not None:
        begun.append(run.started(item, NOW).modem)
    return begun


def test_absent_modems_are_passed_over_until_they_come() -> None:
    first, second, third = modem_ids(3)
    run = run_of(3, {second})

    assert begin(run) == [second]
    run.is_present = lambda _modem: True
    run.modem_returned(third)
    assert begin(run) == [third]
    run.modem_returned(first)
    assert begin(run) == [first]


def test_a_modem_that_another_job_is_at_is_the_last() -> None:
    first, second = modem_ids(2)
    run = run_of(2, {first, second})

    found = run.next_item(lambda modem: modem != first)
    assert found is not None
    assert found.modem == second


def test_an_item_is_told_its_own_arguments_over_those_of_the_job() -> None:
    (modem,) = modem_ids(1)
    new = NewJob(
        kind="try",
        modems=(modem,),
        args={"apn": "internet", "pages": 1},
        item_args={modem: {"apn": "own"}},
        created_by="a",
    )
    run = new_run(KIND, new, new.modems, Staging(), lambda _modem: True, NOW)
    run.open_step()
    row = run.next_item(lambda _modem: True)
    assert row is not None

    item = run.started(row, NOW)

    assert item.args == {"apn": "own", "pages": 1}
    assert (item.attempt, item.is_repeat, item.origin, item.expires_in_s) == (1, False, "job:a", 86400.0)


def test_a_modem_that_answers_while_its_item_still_runs_is_back_when_it_ends() -> None:
    modems = modem_ids(20)
    run = run_of(20, set(modems), dangerous=True)
    (first, *_) = begin(run)

    run.modem_returned(first)
    run.modem_answered(first)
    run.ended(0, ItemResult(status="done"), NOW)

    assert run.items[0].has_returned


def test_only_late_modems_are_given_up() -> None:
    run = run_of(20, set(modem_ids(20)), dangerous=True)
    for position, modem in enumerate(begin(run)):
        run.ended(position, ItemResult(status="done"), NOW + timedelta(minutes=position))
        assert modem == run.items[position].modem

    run.give_up_late(NOW + timedelta(minutes=16, seconds=1))

    assert run.lost == 2
    assert run.is_failing


def test_counts_and_changes_follow_each_item() -> None:
    run = run_of(3, set(modem_ids(3)))
    run.take_changes()
    begin(run)
    run.ended(1, ItemResult(status="failed", error="x" * 2000), NOW)

    assert run.shown_counts == {"running": 2, "failed": 1}
    assert run.ended_items == 1
    changed = {row.position: row for row in run.take_changes()}
    assert len(changed[1].error or "") == 1000
    assert not run.has_changes
