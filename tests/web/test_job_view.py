"""Who sees which job; the rest of what jobs are by REST is in routes/test_jobs."""

from irzhub.storage.jobs import JobItemRow
from irzhub.web.identity import Identity
from irzhub.web.job_view import RIGHTS, item_json, person_of
from irzhub.web.permissions import ROLES, Right


def test_a_user_and_the_users_tokens_are_one_person() -> None:
    assert person_of(Identity("anna", "engineer", ROLES["engineer"])) == "anna"
    assert person_of(Identity("anna/script", "engineer", ROLES["engineer"])) == "anna"


def test_each_kind_of_job_asks_for_the_right_to_do_it_to_one_modem() -> None:
    assert RIGHTS["command"] is Right.SEND_COMMANDS
    assert RIGHTS["firmware"] is Right.FIRMWARE


def test_steps_are_counted_from_one_and_earlier_ones_are_none() -> None:
    item = JobItemRow(job="01K", position=0, modem="1" * 15, step=2)

    assert item_json(item)["step"] == 3
    assert item_json(JobItemRow(job="01K", position=0, modem="1" * 15, step=-1))["step"] is None
