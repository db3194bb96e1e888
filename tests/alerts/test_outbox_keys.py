"""The keys by which messages are known again."""

from irzhub.alerts.outbox_keys import damping_key, told_key
from tests.alerts.outbox_rig import DUTY, DUTY_MAIL


def test_a_message_is_known_by_event_rule_and_recipient() -> None:
    keys = {told_key(event, rule, whom) for event in "12" for rule in "ab" for whom in (DUTY, DUTY_MAIL)}

    assert len(keys) == 8
    assert told_key("1", "a", DUTY) == told_key("1", "a", DUTY)
    assert all(len(key) == 32 for key in keys)


def test_parts_of_a_key_do_not_run_into_each_other() -> None:
    assert told_key("1", "ab", DUTY) != told_key("1a", "b", DUTY)
    assert damping_key("a", "b", DUTY) != told_key("a", "b", DUTY)


def test_half_a_surrogate_pair_is_no_obstacle() -> None:
    assert len(damping_key("\ud800", "x", DUTY)) == 32
