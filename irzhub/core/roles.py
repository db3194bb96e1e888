"""The roles that a user or a token may have (docs/contract.md 3); what each may do is the web's table."""

from enum import StrEnum


class Role(StrEnum):
    """Whose hands an account is in."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ENGINEER = "engineer"
    ADMIN = "admin"
    AUDITOR = "auditor"
