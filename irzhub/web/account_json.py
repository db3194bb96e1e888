"""Accounts as JSON: never a hash, a secret or a code."""

from datetime import datetime
from typing import Any

from irzhub.core.clock import format_time
from irzhub.storage.accounts import TokenRow, UserRow
from irzhub.storage.organisations import OrganisationRow
from irzhub.storage.web_sessions import SessionRow
from irzhub.web.account_identity import user_rights


def user_json(user: UserRow) -> dict[str, Any]:
    """Return the user object of REST."""
    return {
        "name": user.name,
        "role": user.role,
        "rights_added": list(user.rights_added),
        "rights_taken": list(user.rights_taken),
        "rights": sorted(right.value for right in user_rights(user)),
        "organisation": user.organisation or None,
        "groups": None if user.groups is None else list(user.groups),
        "language": user.language,
        "disabled": user.disabled,
        "second_factor": user.totp_secret is not None,
        "created_at": format_time(user.created_at),
        "last_login": _time(user.last_login),
        "password_changed_at": _time(user.password_changed_at),
    }


def user_settings(user: UserRow) -> dict[str, Any]:
    """Return what people set for a user: for the tag of an edit, and for the audit."""
    names = ("role", "rights_added", "rights_taken", "organisation", "groups", "language", "disabled", "second_factor")
    whole = user_json(user)
    return {name: whole[name] for name in names}


def token_json(token: TokenRow, now: datetime) -> dict[str, Any]:
    """Return the token object of REST."""
    state = "revoked" if token.revoked_at is not None else "good" if token.is_valid_at(now) else "expired"
    return {
        "id": token.id,
        "name": token.name,
        "owner": token.owner or None,
        "role": token.role,
        "rights_added": list(token.rights_added),
        "rights_taken": list(token.rights_taken),
        "scope": {
            "organisations": None if token.organisations is None else list(token.organisations),
            "groups": None if token.groups is None else list(token.groups),
        },
        "created_at": format_time(token.created_at),
        "expires_at": _time(token.expires_at),
        "last_used": _time(token.last_used),
        "revoked_at": _time(token.revoked_at),
        "state": state,
    }


def sign_in_json(session: SessionRow, current: str | None) -> dict[str, Any]:
    """Return a browser that is signed in; `current` is the id of the asker's own session."""
    return {
        "id": session.id,
        "user": session.user,
        "source": session.peer,
        "agent": session.agent,
        "created_at": format_time(session.created_at),
        "last_seen": format_time(session.last_seen),
        "expires_at": format_time(session.expires_at),
        "current": session.id == current,
    }


def organisation_json(row: OrganisationRow, members: tuple[int, int] | None) -> dict[str, Any]:
    """Return the organisation object of REST; `members` are its modems and users."""
    return {
        "id": row.id,
        "name": row.name,
        "comment": row.comment,
        "created_at": format_time(row.created_at),
        "modems": None if members is None else members[0],
        "users": None if members is None else members[1],
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)
