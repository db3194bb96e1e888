"""Tells from an error of the mail library, and how far the talk had come, what is wrong."""

import socket
import ssl
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

import aiosmtplib

from .services import Tls
from .troubles import MailTrouble, wait_in

Stage: TypeAlias = Literal["connect", "starttls", "login", "sender", "recipient", "letter"]
"""What was being done: `letter` is from DATA to the answer after the dot."""

_TLS_PORT: Final = 465
_LEAST_CODE: Final = 200
_PERMANENT: Final = 500
_UNAVAILABLE: Final = 421
_GREYLISTING: Final = (450, 451)
_NEEDS: Final = (530, 538)
_TOO_LARGE: Final = (552,)
_OF_STAGE: Final = {"login": "password", "sender": "sender", "recipient": "recipient", "letter": "letter"}


def diagnose(error: Exception, stage: Stage, port: int, tls: Tls) -> MailTrouble:
    """Return what an error at a stage means for the letter.

    Args:
        error: of aiosmtplib, ssl or a socket.
        stage: what was being done.
        port: of the mail server.
        tls: how the connection was to be protected.
    """
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _of_answer(error.code, error.message, stage)
    if stage == "letter":
        return MailTrouble("unsure", str(error))
    causes = list(_chain(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return MailTrouble("certificate", cause.verify_message)
        if isinstance(cause, ssl.SSLError):
            is_no_tls = tls == "tls" and port != _TLS_PORT and stage == "connect"
            return MailTrouble("want_starttls" if is_no_tls else "tls", str(getattr(cause, "reason", None) or cause))
        if isinstance(cause, socket.gaierror):
            return MailTrouble("dns", cause.strerror or "")
    if any(isinstance(cause, TimeoutError) for cause in causes):
        is_tls_port = stage == "connect" and tls != "tls" and port == _TLS_PORT
        return MailTrouble("want_tls" if is_tls_port else "slow")
    if stage == "connect" and not isinstance(error, aiosmtplib.SMTPServerDisconnected):
        return MailTrouble("unreachable", _reason(causes))
    if stage == "connect" and tls != "tls" and port == _TLS_PORT:
        return MailTrouble("want_tls")
    if isinstance(error, aiosmtplib.SMTPServerDisconnected | OSError):
        return MailTrouble("lost", str(error))
    # What is left the library refuses by itself: no way to sign in that both know, a letter that cannot be written.
    return MailTrouble("no_auth" if stage == "login" else "letter", str(error))


def _of_answer(code: int, said: str, stage: Stage) -> MailTrouble:
    if code < _LEAST_CODE:  # the library's sign for an answer that is none
        return MailTrouble("unsure" if stage == "letter" else "babble", said)
    text = f"{code} {said}"
    if code < _PERMANENT:
        is_grey = code in _GREYLISTING and ("grey" in said.lower() or "gray" in said.lower())
        kind = "greylisted" if is_grey and stage in ("recipient", "letter") else "busy"
        return MailTrouble(kind, text, wait_in(said) if code != _UNAVAILABLE else None)
    if code in _NEEDS:
        return MailTrouble("no_password", text)
    if code in _TOO_LARGE and stage in ("sender", "letter"):
        return MailTrouble("size", text)
    return MailTrouble(_OF_STAGE.get(stage, "busy"), text)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _reason(causes: list[BaseException]) -> str:
    system = next((each for each in reversed(causes) if isinstance(each, OSError) and each.strerror), causes[0])
    return getattr(system, "strerror", None) or str(system)
