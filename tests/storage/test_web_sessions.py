"""Who is signed in."""

from dataclasses import replace
from datetime import timedelta

from irzhub.storage.local import Connection
from irzhub.storage.web_sessions import (
    SessionRow,
    add_session,
    end_session,
    end_sessions,
    find_session,
    list_sessions,
    purge_sessions,
    touch_session,
)
from tests.storage.rows import NOW

FIRST = SessionRow("h1", "анна", "csrf", "10.0.0.1", NOW, NOW, NOW + timedelta(hours=12), id="01A", agent="Firefox")
SECOND = replace(FIRST, id_hash="h2", id="01B", created_at=NOW + timedelta(minutes=1))
OTHER = replace(FIRST, id_hash="h3", id="01C", user="борис")


def sign_in_three(connection: Connection) -> None:
    for row in (FIRST, SECOND, OTHER):
        add_session(connection, row)


def test_a_session_is_found_by_its_cookie_and_shows_no_secret(local: Connection) -> None:
    sign_in_three(local)
    touch_session(local, "h1", NOW + timedelta(minutes=5))

    assert find_session(local, "h1") == replace(FIRST, last_seen=NOW + timedelta(minutes=5))
    assert find_session(local, "h9") is None
    assert "csrf'" not in repr(FIRST)
    assert [row.id for row in list_sessions(local, "анна")] == ["01A", "01B"]
    assert len(list_sessions(local)) == 3


def test_one_is_ended_or_all_others_of_a_user(local: Connection) -> None:
    sign_in_three(local)

    assert end_session(local, "01C") == OTHER
    assert end_session(local, "01C") is None
    assert end_session(local, "") is None
    assert end_sessions(local, "анна", except_id="01A") == 1
    assert [row.id for row in list_sessions(local)] == ["01A"]


def test_those_whose_time_is_over_go(local: Connection) -> None:
    sign_in_three(local)
    touch_session(local, "h2", NOW + timedelta(hours=1))

    assert purge_sessions(local, NOW, idle_since=NOW) == 2
    assert [row.id for row in list_sessions(local)] == ["01B"]
    assert purge_sessions(local, NOW + timedelta(hours=12), idle_since=NOW) == 1
