"""What calls of webhooks must stand."""

from irzhub.outbound.signature import FRESH_FOR_S, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from irzhub.web.webhook_gate import BURST, PERIOD_S, WebhookGate

SECRET = "a secret of a rule"
AT = 1_790_000_000


def test_each_webhook_has_a_rate_of_its_own() -> None:
    gate = WebhookGate()
    assert [gate.call_wait_s("one", 0.0) for _ in range(BURST)] == [0.0] * BURST
    assert gate.call_wait_s("one", 0.0) == PERIOD_S
    assert gate.call_wait_s("two", 0.0) == 0.0
    assert gate.call_wait_s("one", PERIOD_S) == 0.0
    assert gate.call_wait_s("one", PERIOD_S) > 0.0


def test_who_guesses_must_wait_and_others_need_not() -> None:
    gate = WebhookGate()
    for _ in range(10):
        assert gate.guess_wait_s("192.0.2.1", 0.0) == 0.0
        gate.guessed("192.0.2.1", 0.0)
    assert gate.guess_wait_s("192.0.2.1", 0.0) > 0.0
    assert gate.guess_wait_s("192.0.2.2", 0.0) == 0.0


def is_fresh(gate: WebhookGate, headers: dict[str, str], body: bytes = b"{}", at: float = AT) -> bool:
    return gate.is_fresh({SECRET, "another one"}, headers[TIMESTAMP_HEADER], headers[SIGNATURE_HEADER], body, at)


def test_a_signed_call_passes_once() -> None:
    gate, headers = WebhookGate(), sign(SECRET, AT, b"{}")
    assert is_fresh(gate, headers)
    assert not is_fresh(gate, headers), "somebody plays it back"
    assert is_fresh(gate, sign(SECRET, AT + 1, b"{}"))


def test_a_call_with_another_secret_body_or_time_does_not_pass() -> None:
    gate = WebhookGate()
    assert not is_fresh(gate, sign("no secret of ours", AT, b"{}"))
    assert not is_fresh(gate, sign(SECRET, AT, b"{}"), body=b'{"on": true}')
    assert not is_fresh(gate, sign(SECRET, AT, b"{}"), at=AT + FRESH_FOR_S + 1)
    assert not is_fresh(gate, {TIMESTAMP_HEADER: "", SIGNATURE_HEADER: ""})


def test_what_was_seen_is_forgotten_when_it_is_too_old_to_pass_anyway() -> None:
    gate = WebhookGate()
    for number in range(3):
        assert is_fresh(gate, sign(SECRET, AT, b"%d" % number), body=b"%d" % number)
    later = AT + 3 * FRESH_FOR_S
    assert is_fresh(gate, sign(SECRET, later, b"{}"), at=later)
    assert len(gate._seen) == 1
