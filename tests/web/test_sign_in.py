"""A code of the second factor is used up."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from irzhub.storage.accounts import UserRow
from irzhub.web.problem import Problem
from irzhub.web.sign_in import use_code
from irzhub.web.totp import code_at, new_secret, recovery_digest, step_at

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ANNA = UserRow("anna", "hash", "viewer", NOW)


def test_a_code_counts_once_and_a_recovery_code_goes() -> None:
    now, secret = NOW.timestamp(), new_secret()
    anna = replace(ANNA, totp_secret=secret, recovery_codes=(recovery_digest("abcd-efgh"),))
    used = use_code(anna, code_at(secret, step_at(now)), now)

    assert used.totp_step == step_at(now)
    assert use_code(used, "ABCD EFGH", now).recovery_codes == ()
    assert use_code(ANNA, None, now) is ANNA
    for code in (code_at(secret, step_at(now)), "", None, "123"):
        with pytest.raises(Problem):
            use_code(used, code, now)
