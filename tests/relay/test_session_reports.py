"""Why a connection was lost, in the contract's words; and that no password stands in a record."""

import errno

import pytest

from irzhub.relay.session_reports import mask_password, why_lost


@pytest.mark.parametrize(
    ("error", "reason", "words"),
    [
        (None, "closed", "the connection was closed"),
        (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), "reset", "reset by peer"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "reset", "Broken pipe"),
        (TimeoutError(errno.ETIMEDOUT, "Connection timed out"), "keepalive_lost", "the link is dead"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "keepalive_lost", "No route to host"),
        (RuntimeError("odd"), "reset", "odd"),
    ],
)
def test_each_end_has_its_reason(error: Exception | None, reason: str, words: str) -> None:
    found, detail = why_lost(error)
    assert found == reason
    assert words in detail


@pytest.mark.parametrize(
    ("heard", "kept"),
    [
        (b"AT$IMEI=868441036775234,PSW=5492,TYP=ATM,\n", b"AT$IMEI=868441036775234,PSW=****,TYP=ATM,\n"),
        (b"PSW=a b=c", b"PSW=****"),
        (b"PSW=1,\nPSW=2\r\nx", b"PSW=****,\nPSW=****\r\nx"),
        (b"\x01\x08\x00\x27\xc0", b"\x01\x08\x00\x27\xc0"),
    ],
)
def test_passwords_are_masked_and_nothing_else(heard: bytes, kept: bytes) -> None:
    assert mask_password(heard) == kept
