"""What can be wrong with a mail server: what it means for the letter, and in words for people."""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from irzhub.api import IrzhubError, printable

Status: TypeAlias = Literal["later", "unknown", "refused"]
_SAID_LENGTH: Final = 300
_WAIT: Final = re.compile(r"\b([0-9]{1,5})\s*(s|sec|seconds?|m|min|minutes?)\b", re.ASCII | re.IGNORECASE)
_LEAST_WAIT_S: Final = 30.0
_MOST_WAIT_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of trouble: what becomes of the letter, and its words in English and Russian."""

    status: Status
    english: str
    russian: str


KINDS: Final = {
    "address": Kind("refused", "no address that a letter can be sent to", "по такому адресу письмо не отправить"),
    "dns": Kind("later", "the name of the mail server is not known to DNS", "имя почтового сервера не находится в DNS"),
    "unreachable": Kind("later", "no connection to the mail server", "нет соединения с почтовым сервером"),
    "slow": Kind("later", "the mail server did not answer in time", "почтовый сервер не ответил вовремя"),
    "want_tls": Kind(
        "later",
        "the mail server did not greet: this is probably the TLS port, set tls: tls",
        "почтовый сервер молчит: вероятно, это порт TLS, укажите tls: tls",
    ),
    "want_starttls": Kind(
        "later",
        "the mail server does not begin with TLS: on this port set tls: starttls",
        "почтовый сервер не начинает с TLS: для этого порта укажите tls: starttls",
    ),
    "no_starttls": Kind(
        "later",  # somebody on the way may have taken the offer out of the greeting, for a while
        "the mail server does not offer STARTTLS, and nothing is sent in the clear",
        "почтовый сервер не предлагает STARTTLS, а открытым текстом ничего не отправляется",
    ),
    "certificate": Kind(
        "later",
        "the certificate of the mail server is not trusted",
        "сертификату почтового сервера нельзя доверять",
    ),
    "tls": Kind("later", "TLS with the mail server failed", "не удалось установить TLS с почтовым сервером"),
    "password": Kind(
        "refused",
        "the mail server refused the user name or password",
        "почтовый сервер не принял имя пользователя или пароль",
    ),
    "no_password": Kind(
        "refused",
        "the mail server wants a user name and password, or TLS",
        "почтовый сервер требует имя пользователя и пароль или TLS",
    ),
    "no_auth": Kind(
        "refused",
        "the mail server takes no user name and password here, probably only after TLS",
        "почтовый сервер не принимает здесь имя и пароль, вероятно, только после TLS",
    ),
    "busy": Kind("later", "the mail server asks to try later", "почтовый сервер просит повторить позже"),
    "greylisted": Kind(
        "later",
        "the mail server takes letters of new senders at the second try only",
        "почтовый сервер принимает письма новых отправителей только со второй попытки",
    ),
    "sender": Kind(
        "refused",
        "the mail server refused the sender: it must be the address of the mailbox",
        "почтовый сервер не принял отправителя: это должен быть адрес ящика",
    ),
    "recipient": Kind("refused", "the mail server refused the recipient", "почтовый сервер не принял получателя"),
    "letter": Kind("refused", "the mail server refused the letter", "почтовый сервер не принял письмо"),
    "size": Kind("refused", "the letter is larger than allowed", "письмо больше допустимого"),
    "limit": Kind(
        "later", "the limit of letters in the settings is reached", "достигнут предел числа писем из настроек"
    ),
    "unsure": Kind(
        "unknown",
        "the connection was lost after the letter had left: it may have arrived",
        "связь пропала, когда письмо уже ушло: оно могло дойти",
    ),
    "babble": Kind("later", "what answers there is no mail server", "по этому адресу отвечает не почтовый сервер"),
    "lost": Kind("later", "the mail server hung up", "почтовый сервер разорвал соединение"),
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
        self.said = printable(" ".join(said.split()))[:_SAID_LENGTH]
        self.retry_after_s = retry_after_s
        super().__init__(self.in_words("en"))

    @property
    def status(self) -> Status:
        """What becomes of the letter."""
        return KINDS[self.kind].status

    def in_words(self, language: str) -> str:
        """Say it to people, in Russian or English."""
        kind = KINDS[self.kind]
        words = kind.russian if language == "ru" else kind.english
        return f"{words} ({self.said})" if self.said else words


def wait_in(said: str) -> float | None:
    """Return the seconds that a server's text asks to wait, such as `greylisted for 300 seconds`; None: not said."""
    if (found := _WAIT.search(said)) is None:
        return None
    seconds = int(found[1]) * (60.0 if found[2].lower().startswith("m") else 1.0)
    return min(max(seconds, _LEAST_WAIT_S), _MOST_WAIT_S)
