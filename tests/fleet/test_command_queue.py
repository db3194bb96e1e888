from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from irzhub.core.services import CommandOutcome, ModemCommand
from irzhub.fleet.command_queue import LiveCommand, ModemQueue, new_row, outcome_of

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def live(number: int, priority: Any = "manual") -> LiveCommand:
    command = ModemCommand(
        modem="868441036775234", command="signal", expires_at=NOW + timedelta(minutes=1), priority=priority
    )
    return LiveCommand(new_row(command, NOW), number)


def test_people_go_first_and_each_in_order() -> None:
    queue = ModemQueue()
    commands = [live(0, "background"), live(1), live(2, "background"), live(3)]
    for each in commands:
        queue.put(each)

    assert queue.waiting == 4
    assert [taken.number for _ in commands if (taken := queue.take(0.0))] == [1, 3, 0, 2]
    assert queue.take(0.0) is None
    assert queue.is_empty


def test_what_has_ended_meanwhile_is_passed_over() -> None:
    queue, first, second = ModemQueue(), live(0), live(1)
    queue.put(first)
    queue.put(second)
    first.row = replace(first.row, status="cancelled")

    assert (queue.waiting, queue.all()) == (1, [second])
    assert queue.take(0.0) is second


def test_a_second_try_waits_for_its_moment_and_keeps_its_place() -> None:
    queue, first, second = ModemQueue(), live(0), live(1)
    first.not_before = 5.0
    queue.put(first)
    queue.put(second)

    assert queue.take(4.9) is None
    assert queue.take(5.0) is first


@pytest.mark.parametrize(
    ("status", "told"), [("done", "ok"), ("failed", "error"), ("expired", "expired"), ("cancelled", "cancelled")]
)
def test_how_a_command_ended_as_the_service_tells_it(status: str, told: str) -> None:
    row = replace(live(0).row, status=status, result={"csq": 3}, error="why")

    assert outcome_of(row) == CommandOutcome(status=told, data={"csq": 3}, error="why")


def test_an_origin_is_cut_to_what_the_table_holds() -> None:
    command = ModemCommand(modem="1" * 15, command="signal", expires_at=NOW, origin="x" * 300)

    assert len(new_row(command, NOW).origin) == 100
