import typing

from irzhub.fleet import job_states
from irzhub.storage.jobs import ITEM_ENDED
from irzhub.web.models_jobs import ItemStatus, JobStatus


def test_a_job_stands_as_the_engine_says() -> None:
    assert set(typing.get_args(JobStatus)) == set(typing.get_args(job_states.JobStatus))


def test_an_item_stands_as_the_engine_says() -> None:
    assert set(typing.get_args(ItemStatus)) == ITEM_ENDED | {"pending", "running"}
