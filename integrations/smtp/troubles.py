"""What can be wrong with a mail server: what it means for the letter, and in words for people."""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from irzhub.api import IrzhubError, in_words, printable, whole

Status: TypeAlias = Literal["later", "unknown", "refused"]
_SAID_LENGTH: Final = 300
_WAIT: Final = re.compile(r"\b([0-9]{1,5})\s*(s|sec|seconds?|m|min|minutes?)\b", re.ASCII | re.IGNORECASE)
_LEAST_WAIT_S: Final = 30.0
_MOST_WAIT_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of trouble: what becomes of the letter, and its words; the hub knows them in Russian too."""

    status: Status
    words: str


KINDS: Final = {
    "address": Kind("refused", "no address that a letter can be sent to"),
    "dns": Kind("later", "the name of the mail server is not known to DNS"),
    "unreachable": Kind("later", "no connection to the mail server"),
    "slow": Kind("later", "the mail server did not answer in time"),
    "want_tls": Kind("later", "the mail server did not greet: this is probably the TLS port, set tls: tls"),
    "want_starttls": Kind("later", "the mail server does not begin with TLS: on this port set tls: starttls"),
    "no_starttls": Kind(
        "later",  # somebody on the way may have taken the offer out of the greeting, for a while
        "the mail server does not offer STARTTLS, and nothing is sent in the clear",
    ),
    "certificate": Kind("later", "the certificate of the mail server is not trusted"),
    "tls": Kind("later", "TLS with the mail server failed"),
    "password": Kind("refused", "the mail server refused the user name or password"),
    "no_password": Kind("refused", "the mail server wants a user name and password, or TLS"),
    "no_auth": Kind("refused", "the mail server takes no user name and password here, probably only after TLS"),
    "busy": Kind("later", "the mail server asks to try later"),
    "greylisted": Kind("later", "the mail server takes letters of new senders at the second try only"),
    "sender": Kind("refused", "the mail server refused the sender: it must be the address of the mailbox"),
    "recipient": Kind("refused", "the mail server refused the recipient"),
    "letter": Kind("refused", "the mail server refused the letter"),
    "size": Kind("refused", "the letter is larger than allowed"),
    "limit": Kind("later", "the limit of letters in the settings is reached"),
    "unsure": Kind("unknown", "the connection was lost after the letter had left: it may have arrived"),
    "babble": Kind("later", "what answers there is no mail server"),
    "lost": Kind("later", "the mail server hung up"),
}


class MailTrouble(IrzhubError):
    """A letter that was not taken, or may not have been.

    Attributes:
        kind: a key of `KINDS`.
        said: what the server or the machine said, one line; empty when nothing.
        retry_after_s: how long the server wants us to wait, None when it did not say.
    """

    def __init__(self, kind: str, said: str = "", retry_after_s: float | None = None) -> None:
        self.kind = kind
        self.said = readable(said)[:_SAID_LENGTH]
        self.retry_after_s = retry_after_s
        super().__init__(self.in_words("en"))

    @property
    def status(self) -> Status:
        """What becomes of the letter."""
        return KINDS[self.kind].status

    def in_words(self, language: str) -> str:
        """Say it to people, in Russian or English."""
        words = KINDS[self.kind].words
        return in_words(f"{words} ({self.said})" if self.said else words, language)


def readable(said: str) -> str:
    """Return what a server said in one line; servers that do not write UTF-8 are mostly Russian ones of Windows."""
    line = " ".join(said.split())
    if whole(line) != line:  # the library kept the bytes that are no UTF-8
        line = whole(line.encode("utf-8", "surrogateescape").decode("cp1251", "replace"))
    return printable(line)


def wait_in(said: str) -> float | None:
    """Return the seconds that a server's text asks to wait, such as `greylisted for 300 seconds`; None: not said."""
    if (found := _WAIT.search(said)) is None:
        return None
    seconds = int(found[1]) * (60.0 if found[2].lower().startswith("m") else 1.0)
    return min(max(seconds, _LEAST_WAIT_S), _MOST_WAIT_S)
