import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from irzhub.storage.accounts import (
    AccountExists,
    TokenRow,
    UserRow,
    add_token,
    add_user,
    find_token,
    get_user,
    list_tokens,
    list_users,
    remove_user,
    revoke_token,
    set_disabled,
    set_password,
    touch_token,
)
from irzhub.storage.local import Connection, LocalStore, open_beside
from irzhub.storage.tables_local import web_sessions
from tests.storage.rows import NOW

ANNA = UserRow("анна", "$argon2id$1", "admin", NOW)
TOKEN = TokenRow("01A", "scada", "viewer", "ab" * 32, NOW, expires_at=NOW + timedelta(days=1))


def open_session(conn: Connection) -> None:
    conn.execute(
        insert(web_sessions).values(
            id_hash="x", user="анна", csrf="y", peer="127.0.0.1", created_at=NOW, last_seen=NOW, expires_at=NOW
        )
    )


def sessions(conn: Connection) -> int:
    return len(conn.execute(select(web_sessions.c.id_hash)).all())


def test_users_are_added_once(local: Connection) -> None:
    add_user(local, ANNA)
    with local.begin_nested(), pytest.raises(AccountExists, match="there is a user 'анна' already"):
        add_user(local, replace(ANNA, role="viewer"))

    assert list_users(local) == [ANNA]
    assert get_user(local, "анна") == ANNA
    assert get_user(local, "борис") is None
    assert "argon2" not in repr(ANNA)


def test_another_password_ends_the_web_sessions(local: Connection) -> None:
    add_user(local, ANNA)
    open_session(local)

    assert set_password(local, "анна", "$argon2id$2")
    assert get_user(local, "анна") == replace(ANNA, password_hash="$argon2id$2")
    assert sessions(local) == 0
    assert not set_password(local, "борис", "x")


def test_a_disabled_account_has_no_session(local: Connection) -> None:
    add_user(local, ANNA)
    open_session(local)

    assert set_disabled(local, "анна", True)
    assert get_user(local, "анна") == replace(ANNA, disabled=True)
    assert sessions(local) == 0
    assert set_disabled(local, "анна", False)
    assert not set_disabled(local, "борис", True)


def test_a_removed_account_takes_its_sessions_along(local: Connection) -> None:
    add_user(local, ANNA)
    open_session(local)

    assert remove_user(local, "анна")
    assert (list_users(local), sessions(local)) == ([], 0)
    assert not remove_user(local, "анна")


def test_a_token_is_found_by_its_hash_until_it_is_revoked(local: Connection) -> None:
    add_token(local, TOKEN)

    assert find_token(local, TOKEN.hash) == TOKEN
    assert find_token(local, "00" * 32) is None
    assert revoke_token(local, "scada", NOW)
    assert find_token(local, TOKEN.hash) is None
    assert list_tokens(local) == [replace(TOKEN, revoked_at=NOW)]
    assert not revoke_token(local, "scada", NOW)
    assert TOKEN.hash not in repr(TOKEN)


def test_a_name_may_be_used_again_after_it_was_revoked(local: Connection) -> None:
    add_token(local, TOKEN)
    with pytest.raises(AccountExists, match="there is a token 'scada' already; revoke it first"):
        add_token(local, replace(TOKEN, id="01B", hash="cd" * 32))
    revoke_token(local, "01A", NOW)
    add_token(local, replace(TOKEN, id="01B", hash="cd" * 32))

    assert find_token(local, "cd" * 32) == replace(TOKEN, id="01B", hash="cd" * 32)


def test_a_token_is_valid_until_it_expires() -> None:
    assert TOKEN.is_valid_at(NOW)
    assert not TOKEN.is_valid_at(NOW + timedelta(days=1))
    assert replace(TOKEN, expires_at=None).is_valid_at(NOW + timedelta(days=9999))
    assert not replace(TOKEN, revoked_at=NOW).is_valid_at(NOW)


def test_its_last_use_is_noted(local: Connection) -> None:
    add_token(local, TOKEN)
    touch_token(local, "01A", NOW)

    assert find_token(local, TOKEN.hash) == replace(TOKEN, last_used=NOW)


async def test_a_token_added_by_another_process_counts_at_once(store: LocalStore) -> None:
    def command_line() -> None:
        with open_beside(store.data_dir) as conn:
            add_token(conn, TOKEN)

    assert await store.read(lambda conn: find_token(conn, TOKEN.hash)) is None
    other = threading.Thread(target=command_line)
    other.start()
    while other.is_alive():
        await store.read(lambda conn: None)
    assert await store.read(lambda conn: find_token(conn, TOKEN.hash)) == TOKEN
