import itertools
import typing

import pytest

from irzhub.fleet.job_states import TRANSITIONS, Action, JobConflict, JobStatus, next_status

STATUSES: tuple[JobStatus, ...] = typing.get_args(JobStatus)
ACTIONS: tuple[Action, ...] = typing.get_args(Action)


@pytest.mark.parametrize(("status", "action"), list(itertools.product(STATUSES, ACTIONS)))
def test_every_cell_of_the_table(status: JobStatus, action: Action) -> None:
    if (status, action) in TRANSITIONS:
        assert next_status(status, action) == TRANSITIONS[status, action]
    else:
        with pytest.raises(JobConflict, match=f"{action}: expected a job that is .*, this one is {status}"):
            next_status(status, action)


def test_every_status_but_the_last_can_be_left_and_reached() -> None:
    assert {status for status, _ in TRANSITIONS} == set(STATUSES)
    assert set(TRANSITIONS.values()) == set(STATUSES) - {"awaiting_approval"}  # where dangerous jobs begin
