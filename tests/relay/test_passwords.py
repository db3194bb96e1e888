"""Who gives the right password gets in, who guesses is slowed down."""

import hashlib

import pytest

from irzhub.relay.passwords import FAILURES, PERIOD_S, PasswordGuard, is_right

DIGEST = "sha256:salt:" + hashlib.sha256(b"salt5492").hexdigest()


@pytest.mark.parametrize("rule", ["plain:5492", DIGEST, DIGEST.upper().replace("SHA256:SALT", "sha256:salt")])
def test_only_the_password_itself_is_right(rule: str) -> None:
    assert is_right(rule, "5492")
    assert not any(is_right(rule, wrong) for wrong in ("5493", "", None, "54920", "549", "5492 ", "plain:5492"))


def test_without_a_rule_any_is_right_and_with_an_unknown_rule_none() -> None:
    assert is_right(None, None)
    assert is_right(None, "anything")
    assert is_right("plain:", None)
    assert is_right("plain:a:b", "a:b")
    assert not any(is_right(rule, "x") for rule in ("", "x", "md5:x", "sha256:", "sha256:x", "sha256:x:"))


def test_ten_thousand_guesses_let_nobody_in_and_the_modem_still_can() -> None:
    guard = PasswordGuard()
    verdicts = [guard.judge("m", "10.0.0.1", "plain:5492", f"{pin:04d}", pin * 0.001) for pin in range(10_000)]
    assert "" not in verdicts
    assert verdicts.count("wrong password") == FAILURES
    assert guard.judge("m", "10.0.0.2", "plain:5492", "5492", 10.0) == "", "from its own address at once"
    assert guard.judge("m", "10.0.0.1", "plain:5492", "5492", 25.0) == "", "from behind the same one a little later"
    assert guard.judge("m", "10.0.0.1", "plain:5492", "5492", 25.1) == "", "and then it is trusted as before"


def test_failures_are_forgotten_after_ten_minutes_and_with_a_new_password() -> None:
    guard = PasswordGuard()
    for number in range(FAILURES + 1):
        guard.judge("m", "a", "plain:x", "y", float(number))
    assert guard.judge("m", "a", "plain:x", "x", 6.0) == "too many wrong passwords"
    assert guard.judge("m", "a", "plain:x", "y", PERIOD_S + 1) == "wrong password"
    for number in range(FAILURES):
        guard.judge("m", "a", "plain:x", "y", PERIOD_S + 2 + number)
    guard.forget("m")
    assert guard.judge("m", "a", "plain:new", "new", PERIOD_S + 10) == ""


def test_a_million_sources_do_not_fill_the_memory() -> None:
    guard = PasswordGuard()
    for number in range(30_000):
        guard.judge("m", str(number), "plain:x", "y", 0.0)
    assert len(guard._failures) <= 10_000
