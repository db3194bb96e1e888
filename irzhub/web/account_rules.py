"""Who may manage which account, and what nobody can do by mistake."""

from collections.abc import Iterable

from irzhub.storage.accounts import UserRow, list_users
from irzhub.storage.local import Connection
from irzhub.web.account_identity import is_administrator, user_rights, user_scope
from irzhub.web.identity import Identity, Scope
from irzhub.web.passwords import weakness
from irzhub.web.permissions import Right
from irzhub.web.problem import FieldError, Problem


def is_visible_user(identity: Identity, user: UserRow) -> bool:
    """Say whether the caller may see an account: one whose scope lies within the caller's own."""
    return identity.scope.contains(user_scope(user))


def check_visible(identity: Identity, user: UserRow | None) -> UserRow:
    """Return the account if the caller may see it.

    Raises:
        Problem: 404, there is none, or it is another organisation's.
    """
    if user is None or not is_visible_user(identity, user):
        raise Problem(404, "unknown_user", "there is no such user")
    return user


def check_may_manage(identity: Identity, user: UserRow) -> None:
    """Nobody manages an account that may more than the own one: its password would be a way to more.

    Raises:
        Problem: 403, the account has a right that the caller lacks.
    """
    check_may_give(identity, user_rights(user), user_scope(user))


def check_may_give(identity: Identity, rights: frozenset[Right], scope: Scope) -> None:
    """Nobody gives more than the own rights, nor over more of the fleet.

    Raises:
        Problem: 403, it is more; the text names the rights.
    """
    if missing := rights - identity.rights:
        names = ", ".join(sorted(right.value for right in missing))
        raise Problem(403, "beyond_own_rights", f"you lack these rights yourself: {names}")
    if not identity.scope.contains(scope):
        raise Problem(403, "beyond_own_scope", "this reaches more of the fleet than you see yourself")


def check_password(password: str, name: str, field: str = "password") -> None:
    """See whether a new password will do.

    Raises:
        Problem: 422, it will not; the text says why, without the password.
    """
    if (reason := weakness(password, name)) is not None:
        raise Problem(422, "weak_password", f"this password will not do: {reason}", errors=(FieldError(field, reason),))


def keep_an_administrator(connection: Connection, name: str, changed: UserRow | None) -> None:
    """See that after the change of one account (None: its removal) somebody can still manage all accounts.

    Raises:
        Problem: 409, it is the last administrator's account.
    """
    users = list_users(connection)
    after = [changed if user.name == name else user for user in users]
    if _any_administrator(users) and not _any_administrator(after):
        raise Problem(409, "last_administrator", "this is the last administrator: make another one first")


def _any_administrator(users: Iterable[UserRow | None]) -> bool:
    return any(user is not None and is_administrator(user) for user in users)
