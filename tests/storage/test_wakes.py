"""Wakes come back as they went in, and the figures of a modem are those of its wakes."""

from datetime import timedelta
from typing import Any

from irzhub.storage.local import Connection
from irzhub.storage.wakes import (
    WakeFigures,
    WakeRow,
    delete_wakes,
    end_living_wakes,
    list_wakes,
    load_wakes,
    purge_wakes,
    save_wake,
    wake_figures,
)
from tests.storage.rows import MODEM, NOW


def row(number: int, **changes: Any) -> WakeRow:
    values: dict[str, Any] = {
        "id": f"01K{number:023d}",
        "modem": MODEM,
        "reason": "client",
        "status": "online",
        "started_at": NOW + timedelta(seconds=number),
        **changes,
    }
    return WakeRow(**values)


def test_a_wake_comes_back_as_it_was_and_as_it_became(local: Connection) -> None:
    begun = row(1, status="waking", steps=[{"step": "call", "at": "2026-11-22T08:00:00.000Z", "error": None}], calls=1)
    save_wake(local, begun)
    assert list_wakes(local, MODEM, None, 10) == [begun]

    ended = row(1, steps=begun.steps, calls=1, finished_at=NOW, by="call", took_s=12.5)
    save_wake(local, ended)
    assert list_wakes(local, MODEM, None, 10) == [ended]


def test_pages_go_from_new_to_old_and_know_one_modem(local: Connection) -> None:
    rows = [row(number) for number in range(3)]
    for each in [*rows, row(9, modem="868441036775235")]:
        save_wake(local, each)
    first = list_wakes(local, MODEM, None, 2)
    assert first == [rows[2], rows[1]]
    assert list_wakes(local, MODEM, first[-1].id, 2) == [rows[0]]


def test_what_began_since_a_moment_is_loaded_from_old_to_new(local: Connection) -> None:
    rows = [row(number) for number in range(3)]
    for each in rows:
        save_wake(local, each)
    assert load_wakes(local, NOW + timedelta(seconds=1)) == rows[1:]


def test_figures_count_what_has_ended_and_take_the_median_of_each_step(local: Connection) -> None:
    for number, (by, took_s) in enumerate((("call", 10.0), ("call", 30.0), ("call", 20.0), ("sms2", 90.0))):
        save_wake(local, row(number, by=by, took_s=took_s))
    save_wake(local, row(4, status="failed", error="no step worked"))
    save_wake(local, row(5, status="waking"))
    expected = WakeFigures(tries=5, successes=4, median_s={"call": 20.0, "sms2": 90.0})
    assert wake_figures(local, MODEM) == expected
    assert wake_figures(local, "868441036775235") == WakeFigures(tries=0, successes=0, median_s={})


def test_what_was_under_way_when_the_hub_ended_has_failed(local: Connection) -> None:
    save_wake(local, row(1, status="waking"))
    save_wake(local, row(2, by="call", took_s=1.0))
    end_living_wakes(local, NOW)
    assert [(each.status, each.error) for each in list_wakes(local, MODEM, None, 9)] == [
        ("online", None),
        ("failed", "the hub ended meanwhile"),
    ]


def test_the_old_ones_are_purged_in_portions_and_a_modem_s_are_forgotten(local: Connection) -> None:
    for number in range(4):
        save_wake(local, row(number))
    assert purge_wakes(local, NOW + timedelta(seconds=3), 2) == 2
    assert purge_wakes(local, NOW + timedelta(seconds=3), 2) == 1
    delete_wakes(local, MODEM)
    assert list_wakes(local, MODEM, None, 9) == []
