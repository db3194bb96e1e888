"""A key is claimed once, keeps its answer for a day, and is free again when nothing came of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from irzhub.storage.idempotency import KEPT, STUCK, KeptAnswer, begin, finish, give_up
from irzhub.storage.local import Connection
from tests.storage.rows import NOW

CLAIM = KeptAnswer("token:scada", "7f2c-1", "/api/v1/groups", "ab" * 32, NOW)
DONE = replace(CLAIM, status=201, headers={"ETag": '"x"', "Location": "/api/v1/groups/x"}, body='{"path": "Север"}')
SECOND = timedelta(seconds=1)


def later(claim: KeptAnswer, by: timedelta) -> KeptAnswer:
    return replace(claim, created_at=NOW + by)


def test_a_key_is_claimed_once_and_then_tells_what_was_answered(local: Connection) -> None:
    assert begin(local, CLAIM) is None
    assert begin(local, later(CLAIM, SECOND)) == CLAIM, "it is being worked on"

    finish(local, DONE)
    assert begin(local, later(replace(CLAIM, route="/other", body_hash="cd" * 32), SECOND)) == DONE


def test_callers_and_keys_are_apart(local: Connection) -> None:
    others = [replace(CLAIM, caller="user:scada"), replace(CLAIM, key="7F2C-1"), replace(CLAIM, key="7f2c-2")]
    assert [begin(local, claim) for claim in (CLAIM, *others)] == [None] * 4

    finish(local, DONE)
    give_up(local, CLAIM.caller, "7f2c-2")
    assert [begin(local, claim) for claim in (CLAIM, *others)] == [DONE, others[0], others[1], None]


def test_a_key_that_was_given_up_is_new_again(local: Connection) -> None:
    begin(local, CLAIM)
    give_up(local, CLAIM.caller, CLAIM.key)

    assert begin(local, CLAIM) is None


@pytest.mark.parametrize(
    ("finished", "age", "is_kept"),
    [
        (True, KEPT, True),
        (True, KEPT + SECOND, False),
        (False, STUCK, True),
        (False, STUCK + SECOND, False),
    ],
)
def test_answers_are_kept_for_a_day_and_what_was_cut_off_for_minutes(
    local: Connection, finished: bool, age: timedelta, is_kept: bool
) -> None:
    begin(local, CLAIM)
    if finished:
        finish(local, DONE)

    kept = begin(local, later(CLAIM, age))
    assert kept == (None if not is_kept else DONE if finished else CLAIM)
    if not is_kept:
        assert begin(local, later(CLAIM, age + SECOND)) == later(CLAIM, age), "the repeat holds the claim now"


def test_old_answers_of_everybody_go(local: Connection) -> None:
    begin(local, CLAIM)
    finish(local, DONE)
    begin(local, later(replace(CLAIM, caller="user:анна"), KEPT + SECOND))

    assert local.exec_driver_sql("SELECT caller FROM idempotency").scalars().all() == ["user:анна"]


def test_of_an_answer_that_may_not_be_kept_only_that_it_was_given_is_known(local: Connection) -> None:
    begin(local, CLAIM)
    finish(local, replace(DONE, body=None))

    kept = begin(local, CLAIM)
    assert kept is not None
    assert (kept.status, isinstance(kept.body, str)) == (201, False)
