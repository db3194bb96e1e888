"""Codes of RFC 6238, its own test vectors (appendix B, SHA-1), each once."""

import base64

import pytest

from irzhub.web.totp import code_at, matching_step, new_recovery_codes, provisioning_uri, recovery_digest, step_at

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("moment", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_vectors_of_the_standard(moment: int, code: str) -> None:
    assert code_at(SECRET, step_at(moment)) == code


def test_a_clock_may_be_half_a_minute_wrong_and_no_code_is_taken_twice() -> None:
    now = 1111111109.0
    step = step_at(now)

    assert matching_step(SECRET, code_at(SECRET, step - 1), now, None) == step - 1
    assert matching_step(SECRET, code_at(SECRET, step + 1), now, None) == step + 1
    assert matching_step(SECRET, code_at(SECRET, step - 2), now, None) is None
    assert matching_step(SECRET, code_at(SECRET, step), now, step) is None
    assert matching_step(SECRET, code_at(SECRET, step - 1), now, step) is None
    assert matching_step(SECRET, "код", now, None) is None


def test_recovery_codes_are_typed_as_people_type() -> None:
    codes = new_recovery_codes()

    assert len(set(codes)) == 10
    assert recovery_digest(codes[0]) == recovery_digest(codes[0].upper().replace("-", " "))
    assert recovery_digest(codes[0]) != recovery_digest(codes[1])


def test_the_address_for_the_application() -> None:
    assert provisioning_uri("ABC", "anna", "main") == (
        "otpauth://totp/irzhub%20main%3Aanna?secret=ABC&issuer=irzhub%20main&digits=6&period=30"
    )
