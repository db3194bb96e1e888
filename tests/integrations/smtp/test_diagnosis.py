"""What an error of the library means; servers that cause them are in test_mailbox.py."""

import socket
import ssl

import aiosmtplib
import pytest

from integrations.smtp.diagnosis import Stage, diagnose
from integrations.smtp.services import Tls


@pytest.mark.parametrize(
    ("error", "stage", "port", "tls", "kind"),
    [
        (aiosmtplib.SMTPAuthenticationError(535, "no"), "login", 465, "tls", "password"),
        (aiosmtplib.SMTPAuthenticationError(454, "later"), "login", 465, "tls", "busy"),
        (aiosmtplib.SMTPAuthenticationError(538, "encrypt"), "login", 25, "none", "no_password"),
        (aiosmtplib.SMTPException("no suitable method"), "login", 587, "starttls", "no_auth"),
        (aiosmtplib.SMTPConnectTimeoutError("timed out"), "connect", 465, "starttls", "want_tls"),
        (aiosmtplib.SMTPConnectTimeoutError("timed out"), "connect", 587, "starttls", "slow"),
        (aiosmtplib.SMTPServerDisconnected("gone"), "connect", 465, "none", "want_tls"),
        (aiosmtplib.SMTPServerDisconnected("gone"), "sender", 587, "starttls", "lost"),
        (aiosmtplib.SMTPServerDisconnected("gone"), "letter", 587, "starttls", "unsure"),
        (aiosmtplib.SMTPResponseException(-1, "Malformed"), "letter", 587, "starttls", "unsure"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"), "connect", 587, "tls", "want_starttls"),
        (ssl.SSLError(1, "handshake failure"), "starttls", 587, "starttls", "tls"),
        (socket.gaierror(-2, "Name or service not known"), "connect", 587, "starttls", "dns"),
        (ConnectionRefusedError(111, "Connection refused"), "connect", 587, "starttls", "unreachable"),
        (ValueError("a line too long"), "sender", 587, "starttls", "letter"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_errors(error: Exception, stage: Stage, port: int, tls: Tls, kind: str) -> None:
    assert diagnose(error, stage, port, tls).kind == kind


def test_the_first_cause_counts() -> None:
    outer = aiosmtplib.SMTPConnectError("cannot connect")
    outer.__cause__ = socket.gaierror(-2, "Name or service not known")

    found = diagnose(outer, "connect", 587, "starttls")
    assert (found.kind, found.said) == ("dns", "Name or service not known")
