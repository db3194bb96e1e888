"""The JSON of accounts: signing in, users, tokens, organisations."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints

from irzhub.web.models import Closed, GroupPath, Line, Reference, Time, Told
from irzhub.web.permissions import Right

_RIGHTS: Final = sorted(right.value for right in Right if right is not Right.OPEN)


def _known_right(name: str) -> str:
    if name not in _RIGHTS:
        raise ValueError(f"expected one of {', '.join(_RIGHTS)}")
    return name


RoleName = Literal["viewer", "operator", "engineer", "admin", "auditor"]
RightName = Annotated[str, AfterValidator(_known_right), Field(json_schema_extra={"enum": list(_RIGHTS)})]
Rights = Annotated[list[RightName], Field(max_length=64)]
Groups = Annotated[list[GroupPath], Field(max_length=100)]
UserName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._@-]{0,63}$"),
    Field(description="small letters, digits and . _ @ -"),
]
TokenName = Annotated[str, StringConstraints(pattern=r"^[\w][\w .@:-]{0,63}$")]
Password = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Language = Literal["ru", "en"]


class SignInRequest(Closed):
    """A name and a password; `code` where a second factor is set up, or one of its recovery codes."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    password: Password
    code: Code | None = None


class ScopeInfo(Told):
    """The part of the fleet that is seen; null means all."""

    organisations: list[str] | None
    groups: list[str] | None


class SecondFactor(Told):
    """How it stands with the second factor."""

    enabled: bool
    required: bool = Field(description="it must be set up before anything else")
    recovery_codes_left: int


class SessionInfo(Told):
    """Who calls, and what the caller may do and see."""

    kind: Literal["user", "token"]
    name: str
    role: str
    rights: list[str]
    scope: ScopeInfo
    language: str | None
    id: str | None = Field(description="of the session; null for a token")
    csrf: str | None = Field(description="to be sent as X-CSRF-Token with every change; null for a token")
    expires_at: Time | None = Field(description="when the session ends in any case")
    idle_s: float | None = Field(description="after so long without a request it ends too")
    second_factor: SecondFactor | None


class SessionEdit(Closed):
    """What users change of themselves."""

    language: Language | None = None


class OwnPassword(Closed):
    """Another password for oneself."""

    current: Password
    password: Password


class NewPassword(Closed):
    """Another password for somebody."""

    password: Password


class PasswordOnly(Closed):
    """One's own password again, before something that matters."""

    password: Password


class CodeOnly(Closed):
    """A code of the second factor."""

    code: Code


class PasswordAndCode(Closed):
    """One's own password and a code, or a recovery code."""

    password: Password
    code: Code


class TotpSecret(Told):
    """What an authenticator application needs; shown once."""

    secret: str
    uri: str = Field(description="the same as `otpauth://...`, for a picture that the application reads")


class RecoveryCodes(Told):
    """Each opens once when the application is lost; shown once."""

    recovery_codes: list[str]


class SignInInfo(Told):
    """A browser that is signed in."""

    id: str
    user: str
    source: str
    agent: str
    created_at: Time
    last_seen: Time
    expires_at: Time
    current: bool


class User(Told):
    """A person's account."""

    name: str
    role: str
    rights_added: list[str]
    rights_taken: list[str]
    rights: list[str] = Field(description="what the user may do, from the role and single rights")
    organisation: str | None = Field(description="whose modems the user sees; null for all")
    groups: list[str] | None = Field(description="in and below which groups; null for all")
    language: str | None
    disabled: bool
    second_factor: bool
    created_at: Time
    last_login: Time | None
    password_changed_at: Time | None


class NewUser(Closed):
    """An account to be made."""

    name: UserName
    password: Password
    role: RoleName
    rights_added: Rights = Field(default_factory=list)
    rights_taken: Rights = Field(default_factory=list)
    organisation: Reference | None = None
    groups: Groups | None = None
    language: Language | None = None


class UserEdit(Closed):
    """A change of an account (RFC 7396): what is left out stays, null empties."""

    role: RoleName | None = None
    rights_added: Rights | None = None
    rights_taken: Rights | None = None
    organisation: Reference | None = None
    groups: Groups | None = None
    language: Language | None = None
    disabled: bool | None = None


class Token(Told):
    """A program's token; the token itself is shown only when it is made."""

    id: str
    name: str
    owner: str | None = Field(description="the user whose it is; it never may more than that user; null for the hub's")
    role: str
    rights_added: list[str]
    rights_taken: list[str]
    scope: ScopeInfo
    created_at: Time
    expires_at: Time | None
    last_used: Time | None
    revoked_at: Time | None
    state: Literal["good", "expired", "revoked"]


class NewToken(Closed):
    """A token to be made: one's own, or with `owner` null one of the hub itself."""

    name: TokenName
    role: RoleName
    rights_added: Rights = Field(default_factory=list)
    rights_taken: Rights = Field(default_factory=list)
    organisations: Annotated[list[Reference], Field(max_length=100)] | None = None
    groups: Groups | None = None
    expires_in: float | None = Field(default=None, gt=0, le=3660 * 86400, description="seconds; null: for ever")
    owner: UserName | None = Field(default=None, description="left out: one's own, of whoever is signed in")


class MadeToken(Token):
    """A token that was just made."""

    token: str = Field(description="the token itself, shown only now")


class Organisation(Told):
    """One of those who share the hub."""

    id: str
    name: str
    comment: str
    created_at: Time
    modems: int | None = Field(description="how many belong to it; null for callers who see only a part")
    users: int | None


class NewOrganisation(Closed):
    """An organisation to be made; its id stays for ever."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-z][0-9a-z_-]{0,63}$")]
    name: Line
    comment: Annotated[str, StringConstraints(max_length=2000)] = ""


class OrganisationEdit(Closed):
    """A change of an organisation (RFC 7396)."""

    name: Line | None = None
    comment: Annotated[str, StringConstraints(max_length=2000)] | None = None


class SetupRequest(Closed):
    """The first administrator."""

    secret: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    name: UserName
    password: Password


class AuditEntry(Told):
    """One thing that somebody did or tried."""

    seq: int
    ts: Time
    actor: str = Field(description="user, token, `cli:USER`, `hub`; empty for a stranger")
    role: str
    organisation: str
    source: str
    action: str
    modem: str | None
    object: dict[str, Any]
    result: Literal["ok", "refused", "failed"]
    status: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str | None
    previous: str
    hash: str


class AuditVerdict(Told):
    """What a look over the whole audit found."""

    is_whole: bool
    rows: int = Field(description="that are good: all of them, or those before the first fault")
    first: int = Field(description="number of the oldest row that is kept")
    last: int = Field(description="number of the last good row")
    fault: str | None = Field(description="what is wrong with the row behind it, in words; null when all is well")


class AuditPage(Told):
    """Entries from new to old."""

    items: list[AuditEntry]
    next: str | None
