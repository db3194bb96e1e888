"""Incidents in `hub.db`: they come back as they were, and the newest number outlives the purge."""

from dataclasses import replace
from datetime import timedelta

from irzhub.storage.incidents import (
    ActionRow,
    MemberRow,
    add_action,
    changed_incidents,
    get_incident,
    last_numbers,
    list_actions,
    list_closed,
    load_members,
    load_open_incidents,
    purge_incidents,
    rename_modem,
    save_incidents,
    save_members,
)
from irzhub.storage.local import Connection
from tests.storage.alert_rows import INCIDENT
from tests.storage.rows import MODEM, NOW, OTHER


def test_an_incident_comes_back_as_it_was(local: Connection) -> None:
    save_incidents(local, [INCIDENT])
    changed = replace(INCIDENT, count=4, revision=42)
    save_incidents(local, [changed])

    assert load_open_incidents(local) == [changed] == changed_incidents(local, 41, 10)
    assert get_incident(local, 17) == changed and get_incident(local, 18) is None
    assert last_numbers(local) == (17, 42)


def test_members_and_actions_stand_with_their_incident(local: Connection) -> None:
    save_members(local, [MemberRow(17, MODEM, NOW), MemberRow(17, OTHER, NOW - timedelta(seconds=1), None, "нет")])
    save_members(local, [MemberRow(17, MODEM, NOW, NOW + timedelta(seconds=9))])
    add_action(local, ActionRow("01B", 17, NOW, "анна", "comment", "еду"))
    add_action(local, ActionRow("01A", 17, NOW, "hub", "opened"))

    assert [(row.modem, row.returned_at) for row in load_members(local, [17])] == [
        (OTHER, None),
        (MODEM, NOW + timedelta(seconds=9)),
    ]
    assert [row.change for row in list_actions(local, 17)] == ["opened", "comment"]


def test_the_closed_ones_are_listed_from_new_to_old(local: Connection) -> None:
    closed = [replace(INCIDENT, number=number, closed_at=NOW + timedelta(minutes=number)) for number in range(1, 6)]
    save_incidents(local, [*closed, replace(INCIDENT, number=6, kind="cause", modem=None, closed_at=NOW)])
    save_members(local, [MemberRow(6, MODEM, NOW)])

    assert [row.number for row in list_closed(local, limit=2)] == [6, 5]
    assert [row.number for row in list_closed(local, before=5, since=NOW + timedelta(minutes=3))] == [4, 3]
    assert [row.number for row in list_closed(local, modem=MODEM, kind="cause")] == [6]
    assert list_closed(local, modem=OTHER) == []


def test_the_purge_leaves_what_is_not_copied_and_the_newest_number(local: Connection) -> None:
    old = [replace(INCIDENT, number=number, closed_at=NOW, revision=number) for number in range(1, 5)]
    save_incidents(local, old)

    assert purge_incidents(local, NOW + timedelta(days=1), copied=2, limit=10) == 2
    assert purge_incidents(local, NOW + timedelta(days=1), copied=9, limit=10) == 1
    assert last_numbers(local) == (4, 4)


def test_what_is_open_goes_on_with_the_modem_that_replaces_another(local: Connection) -> None:
    save_incidents(local, [INCIDENT, replace(INCIDENT, number=16, closed_at=NOW)])
    rename_modem(local, MODEM, OTHER)

    assert [row.modem for row in (get_incident(local, 16), get_incident(local, 17)) if row] == [MODEM, OTHER]
