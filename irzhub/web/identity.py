"""Who calls, what the caller may do, and over which part of the fleet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from irzhub.core.groups import is_within
from irzhub.core.state import ModemState
from irzhub.web.permissions import ROLES, Right

Kind: TypeAlias = Literal["user", "token"]


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the fleet that somebody may see: None means all, an empty set means none.

    Both are asked of a modem: it belongs to one of `organisations` and lies in or below one of `groups`.
    """

    organisations: frozenset[str] | None = None
    groups: frozenset[str] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the scope is the whole hub, with what belongs to no organisation and no modem."""
        return self.organisations is None and self.groups is None

    def covers(self, organisation: str, group: str) -> bool:
        """Say whether something of `organisation` (empty: of none) in `group` lies in this scope."""
        return self.covers_organisation(organisation) and self.covers_group(group)

    def covers_organisation(self, organisation: str) -> bool:
        """Say whether what is `organisation`'s (empty: nobody's) may be seen."""
        return self.organisations is None or organisation in self.organisations

    def covers_group(self, group: str) -> bool:
        """Say whether the group of that path, such as `Север/Котельные`, is one of the groups or below one."""
        return self.groups is None or any(is_within(group, each) for each in self.groups)

    def contains(self, other: "Scope") -> bool:
        """Say whether `other` sees nothing that this scope does not see."""
        organisations = self.organisations is None or (
            other.organisations is not None and other.organisations <= self.organisations
        )
        groups = self.groups is None or (
            other.groups is not None and all(self.covers_group(each) for each in other.groups)
        )
        return organisations and groups

    def within(self, other: "Scope") -> "Scope":
        """Return what lies in both."""
        if self.organisations is None or other.organisations is None:
            organisations = other.organisations if self.organisations is None else self.organisations
        else:
            organisations = self.organisations & other.organisations
        if self.groups is None or other.groups is None:
            groups = other.groups if self.groups is None else self.groups
        else:
            mine = {each for each in self.groups if other.covers_group(each)}
            groups = frozenset(mine | {each for each in other.groups if self.covers_group(each)})
        return Scope(organisations, groups)

    def to_json(self) -> dict[str, Any]:
        """Return the scope as REST shows it and as it is stored."""
        return {"organisations": _listed(self.organisations), "groups": _listed(self.groups)}


WHOLE: Final = Scope()


@dataclass(frozen=True, slots=True)
class Identity:
    """The caller of a request.

    Args:
        name: of the user or token, for the audit. role: as it was given, for people to read.
        rights: what the caller may do; the role's own, with single ones added or taken away.
        scope: over which modems. kind: a person's session or a program's token.
        session: the session's public id, None for tokens.
    """

    name: str
    role: str
    rights: frozenset[Right]
    scope: Scope = WHOLE
    kind: Kind = "token"
    session: str | None = None

    def may(self, right: Right) -> bool:
        """Say whether the caller has a right."""
        return right is Right.OPEN or right in self.rights

    @property
    def origin(self) -> str:
        """What stands as the origin of what the caller asks for, such as `rest:scada`."""
        return f"rest:{self.name}"


def may_see(identity: Identity, modem: ModemState) -> bool:
    """Say whether a modem lies in the caller's scope; what lies outside does not exist for the caller (404)."""
    return identity.scope.covers(modem.organisation, modem.group)


def rights_of(role: str, added: Iterable[Right] = (), taken: Iterable[Right] = ()) -> frozenset[Right]:
    """Return the rights of a role, with single ones added and taken away. An unknown role has only the added."""
    return (ROLES.get(role, frozenset()) | frozenset(added)) - frozenset(taken)


def _listed(names: frozenset[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)
