"""Accounts as JSON: no secret in any form."""

from datetime import UTC, datetime

from irzhub.storage.accounts import UserRow
from irzhub.web.account_json import user_json

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_no_hash_secret_or_code_is_shown() -> None:
    row = UserRow(
        "anna", "HIDDEN", "viewer", NOW, totp_secret="HIDDEN", totp_pending="HIDDEN", recovery_codes=("HIDDEN",)
    )
    shown = user_json(row)

    assert "HIDDEN" not in str(shown)
    assert (shown["second_factor"], shown["organisation"], shown["groups"]) == (True, None, None)
