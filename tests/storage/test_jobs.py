from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from irzhub.storage.jobs import (
    JobItemRow,
    JobRow,
    add_job,
    count_items,
    get_job,
    list_items,
    list_jobs,
    load_items,
    load_job_modems,
    load_living_jobs,
    purge_jobs,
    save_items,
    save_job,
    stop_living_jobs,
)
from irzhub.storage.local import open_beside
from tests.storage.rows import NOW


def job(number: int, status: str = "running") -> JobRow:
    return JobRow(
        id=f"01K{number:023d}",
        kind="command",
        target={"group": "Север"},
        args={"command": "signal"},
        status=status,
        is_dangerous=False,
        steps=[3],
        step=0,
        total=3,
        created_by="anna",
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )


def items(of: JobRow) -> list[JobItemRow]:
    return [JobItemRow(job=of.id, position=number, modem=f"86844103677523{number}") for number in range(3)]


def test_a_job_and_its_items_are_kept_as_they_stand(tmp_path: Path) -> None:
    first = job(1)
    with open_beside(tmp_path) as connection:
        add_job(connection, first, items(first))
        save_job(connection, ended := replace(first, status="done", finished_at=NOW, reason="all of it"))
        changed = replace(items(first)[1], status="done", attempt=1, result={"csq": 5}, has_returned=True, step=0)
        save_items(connection, [changed])
        save_items(connection, [])

        assert get_job(connection, first.id) == ended
        assert load_items(connection, first.id) == [items(first)[0], changed, items(first)[2]]
        assert count_items(connection, [first.id, "01K"]) == {first.id: {"pending": 2, "done": 1}, "01K": {}}
        assert list_items(connection, first.id, status="pending", after=0) == [items(first)[2]]
        assert load_job_modems(connection, first.id) == [item.modem for item in items(first)]
        assert get_job(connection, "01K") is None


def test_jobs_are_listed_from_new_to_old_and_the_living_from_old_to_new(tmp_path: Path) -> None:
    with open_beside(tmp_path) as connection:
        for number, status in enumerate(("done", "running", "awaiting_approval", "cancelled")):
            add_job(connection, job(number, status), items(job(number)))

        assert [each.id[-1] for each in list_jobs(connection, limit=3)] == ["3", "2", "1"]
        assert [each.id[-1] for each in list_jobs(connection, before=job(2).id, kind="command")] == ["1", "0"]
        assert [each.id[-1] for each in list_jobs(connection, status="done")] == ["0"]
        assert [each.id[-1] for each in load_living_jobs(connection)] == ["1", "2"]

        stop_living_jobs(connection)
        assert [each.status for each in load_living_jobs(connection)] == ["stopped", "awaiting_approval"]


def test_old_jobs_go_with_their_items(tmp_path: Path) -> None:
    with open_beside(tmp_path) as connection:
        add_job(connection, replace(job(1, "done"), finished_at=NOW), items(job(1)))
        add_job(connection, job(2), items(job(2)))

        assert purge_jobs(connection, NOW + timedelta(seconds=1), 10) == 1
        assert [each.id for each in list_jobs(connection)] == [job(2).id]
        assert load_items(connection, job(1).id) == []
