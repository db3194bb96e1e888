from irzhub.fleet.job_view import build_view, changed_event, finished_event
from tests.fleet.test_job_run import KIND, NOW, run_of


def test_a_job_for_people_counts_what_is_over() -> None:
    row = run_of(3, set(), pages=2).row

    view = build_view(row, {"pending": 1, "running": 1, "failed": 1}, KIND)

    assert (view.ended, view.shown_args) == (1, {"pages": 2})
    assert build_view(row, {}, None).shown_args == {}


def test_events_tell_the_step_as_people_count() -> None:
    row = run_of(200, set(), dangerous=True).row

    changed, finished = changed_event(row, {"pending": 200}, NOW), finished_event(row, {"done": 200}, NOW)

    assert (changed.step, changed.steps, changed.total, changed.modem) == (1, 3, 200, None)
    assert (finished.job, finished.counts) == (row.id, {"done": 200})
