"""From the rows of accounts to identities: which rights and scope a user, or a program's token, has now."""

from collections.abc import Iterable

from irzhub.config.settings import SignIn
from irzhub.core.roles import Role
from irzhub.storage.accounts import TokenRow, UserRow
from irzhub.web.identity import Identity, Scope, rights_of
from irzhub.web.permissions import Right

_NAMED: dict[str, Right] = {right.value: right for right in Right}


def identity_of_user(user: UserRow, session: str | None, rule: SignIn) -> Identity:
    """Return who a user is in a session; without the second factor that is due, somebody who may set one up."""
    rights = user_rights(user)
    if lacks_second_factor(user, rule):
        rights &= {Right.SIGNED_IN}
    return Identity(user.name, user.role, rights, user_scope(user), "user", session)


def identity_of_token(token: TokenRow, owner: UserRow | None) -> Identity | None:
    """Return who shows a token; with an owner never more than the owner may now, None when that one is gone."""
    rights = rights_of(token.role, named_rights(token.rights_added), named_rights(token.rights_taken))
    scope = Scope(_names(token.organisations), _names(token.groups))
    if not token.owner:
        return Identity(token.name, token.role, rights, scope)
    if owner is None or owner.disabled:
        return None
    name = f"{owner.name}/{token.name}"
    return Identity(name, token.role, rights & user_rights(owner), scope.within(user_scope(owner)))


def user_rights(user: UserRow) -> frozenset[Right]:
    """Return what a user may do."""
    return rights_of(user.role, named_rights(user.rights_added), named_rights(user.rights_taken))


def user_scope(user: UserRow) -> Scope:
    """Return which part of the fleet a user sees."""
    return Scope(frozenset({user.organisation}) if user.organisation else None, _names(user.groups))


def lacks_second_factor(user: UserRow, rule: SignIn) -> bool:
    """Say whether a user must set up a second factor before anything else."""
    is_due = rule.second_factor == "everyone" or (rule.second_factor == "admins" and user.role == Role.ADMIN)
    return is_due and user.totp_secret is None


def is_administrator(user: UserRow) -> bool:
    """Say whether a user can manage all accounts: the last such user cannot be locked out."""
    return not user.disabled and user_scope(user).is_whole and Right.EDIT_USERS in user_rights(user)


def named_rights(names: Iterable[str]) -> frozenset[Right]:
    """Return the rights of these names; a name that this version does not know is left out."""
    return frozenset(_NAMED[name] for name in names if name in _NAMED)


def _names(names: Iterable[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)
