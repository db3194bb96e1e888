"""Users and tokens. The web reads them here at each use, so what another process changes counts at once."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from irzhub.storage.errors import StorageError
from irzhub.storage.rows import row_values
from irzhub.storage.tables_local import saved_views, tokens, users, web_sessions


class AccountExists(StorageError):
    """A user of that name, or a living token of that name, is there already."""


@dataclass(frozen=True, slots=True)
class UserRow:
    """A person's account.

    Args:
        password_hash: argon2's own text form.
        rights_added, rights_taken: single rights beside those of the role, by name.
        organisation: the id of the one whose modems the user sees, empty for all of them.
        groups: paths of the groups whose modems the user sees, None for all of them.
        totp_secret: Base32, None while there is no second factor; totp_pending waits for its first code.
        totp_step: the last time step whose code was used. recovery_codes: SHA-256 of those that are left.
    """

    name: str
    password_hash: str = field(repr=False)
    role: str
    created_at: datetime
    disabled: bool = False
    rights_added: tuple[str, ...] = ()
    rights_taken: tuple[str, ...] = ()
    organisation: str = ""
    groups: tuple[str, ...] | None = None
    language: str | None = None
    last_login: datetime | None = None
    password_changed_at: datetime | None = None
    totp_secret: str | None = field(default=None, repr=False)
    totp_pending: str | None = field(default=None, repr=False)
    totp_step: int | None = None
    recovery_codes: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A program's token; `hash` is the SHA-256 of the token in hex, the token itself is kept nowhere.

    `owner` is the user whose it is, empty for one of the hub itself. Rights and groups are as a user's;
    `organisations` are the ids of those whose modems it reaches, None for all.
    """

    id: str
    name: str
    role: str
    hash: str = field(repr=False)
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used: datetime | None = None
    owner: str = ""
    rights_added: tuple[str, ...] = ()
    rights_taken: tuple[str, ...] = ()
    organisations: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether it opens anything at `moment`."""
        return self.revoked_at is None and (self.expires_at is None or moment < self.expires_at)


def add_user(connection: Connection, row: UserRow) -> None:
    """Add an account.

    Raises:
        AccountExists: the name is taken.
    """
    try:
        connection.execute(insert(users), row_values(row))
    except IntegrityError as error:
        raise AccountExists(f"there is a user {row.name!r} already") from error


def list_users(connection: Connection) -> list[UserRow]:
    """Return all accounts by name."""
    return [_user(row) for row in connection.execute(select(users).order_by(users.c.name)).mappings()]


def get_user(connection: Connection, name: str) -> UserRow | None:
    """Return one account, None when there is none of that name."""
    row = connection.execute(select(users).where(users.c.name == name)).mappings().one_or_none()
    return None if row is None else _user(row)


def save_user(connection: Connection, row: UserRow) -> bool:
    """Replace an account's row; say whether there was one of that name. Web sessions go on."""
    values = row_values(row)
    return connection.execute(update(users).where(users.c.name == row.name), values).rowcount == 1


def without_second_factor(user: UserRow) -> UserRow:
    """Return the account with its second factor removed."""
    return replace(user, totp_secret=None, totp_pending=None, totp_step=None, recovery_codes=())


def count_users(connection: Connection) -> int:
    """Return how many accounts there are, disabled ones included."""
    return connection.scalar(select(func.count()).select_from(users)) or 0


def set_password(connection: Connection, name: str, password_hash: str) -> bool:
    """Give a user another password and end his web sessions; say whether there is such a user."""
    connection.execute(delete(web_sessions).where(web_sessions.c.user == name))
    found = connection.execute(update(users).where(users.c.name == name), {"password_hash": password_hash})
    return found.rowcount == 1


def set_disabled(connection: Connection, name: str, disabled: bool) -> bool:
    """Lock an account out, or let it in again; say whether there is such a user."""
    if disabled:
        connection.execute(delete(web_sessions).where(web_sessions.c.user == name))
    return connection.execute(update(users).where(users.c.name == name), {"disabled": disabled}).rowcount == 1


def remove_user(connection: Connection, name: str) -> bool:
    """Remove an account with its web sessions and its tokens; say whether there was one.

    The tokens must go with it: another account of that name must not wake them.
    """
    connection.execute(delete(tokens).where(tokens.c.owner == name, tokens.c.owner != ""))
    connection.execute(delete(web_sessions).where(web_sessions.c.user == name))
    connection.execute(delete(saved_views).where(saved_views.c.user == name))
    return connection.execute(delete(users).where(users.c.name == name)).rowcount == 1


def add_token(connection: Connection, row: TokenRow) -> None:
    """Add a token.

    Raises:
        AccountExists: a token of that name is not revoked yet.
    """
    alive = select(tokens.c.id).where(tokens.c.name == row.name, tokens.c.revoked_at.is_(None))
    if connection.execute(alive).first() is not None:
        raise AccountExists(f"there is a token {row.name!r} already; revoke it first")
    connection.execute(insert(tokens), row_values(row))


def list_tokens(connection: Connection) -> list[TokenRow]:
    """Return all tokens from old to new, revoked ones included."""
    return [_token(row) for row in connection.execute(select(tokens).order_by(tokens.c.id)).mappings()]


def get_token(connection: Connection, id_: str) -> TokenRow | None:
    """Return the token of that id, revoked or not; None when there is none."""
    row = connection.execute(select(tokens).where(tokens.c.id == id_)).mappings().one_or_none()
    return None if row is None else _token(row)


def find_token(connection: Connection, hash_: str) -> TokenRow | None:
    """Return the token with this hash unless it is revoked; ask `is_valid_at` whether it has expired."""
    statement = select(tokens).where(tokens.c.hash == hash_, tokens.c.revoked_at.is_(None))
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else _token(row)


def revoke_token(connection: Connection, name_or_id: str, at: datetime) -> bool:
    """Revoke the living token of that name or id; say whether there was one."""
    statement = update(tokens).where(
        or_(tokens.c.name == name_or_id, tokens.c.id == name_or_id), tokens.c.revoked_at.is_(None)
    )
    return connection.execute(statement, {"revoked_at": at}).rowcount > 0


def touch_token(connection: Connection, id_: str, at: datetime) -> None:
    """Note when a token was last used."""
    connection.execute(update(tokens).where(tokens.c.id == id_), {"last_used": at})


def _user(row: RowMapping) -> UserRow:
    return UserRow(**{name: _plain(value) for name, value in row.items()})


def _token(row: RowMapping) -> TokenRow:
    return TokenRow(**{name: _plain(value) for name, value in row.items()})


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
