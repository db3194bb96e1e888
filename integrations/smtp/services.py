"""The mail services that people have accounts at: an operator names one and writes no address, port and TLS mode."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Tls: TypeAlias = Literal["none", "starttls", "tls"]
_TLS_PORT: Final = 465


@dataclass(frozen=True, slots=True)
class MailService:
    """Where a mail service takes letters, and what is known to go wrong there.

    Args:
        hint: what its users stumble over; the hub knows it in Russian too.
    """

    host: str
    port: int
    tls: Tls
    hint: str = ""


_OTHER_WORD: Final = "it wants a password made for applications, not the one of the mailbox"
SERVICES: Final = {
    "yandex": MailService("smtp.yandex.ru", 465, "tls", _OTHER_WORD),
    "yandex360": MailService("smtp.yandex.ru", 465, "tls", _OTHER_WORD),
    "mailru": MailService("smtp.mail.ru", 465, "tls", _OTHER_WORD),
    "gmail": MailService("smtp.gmail.com", 465, "tls", _OTHER_WORD),
    "rambler": MailService(
        "smtp.rambler.ru",
        465,
        "tls",
        "mail programs must be allowed in the settings of the mailbox",
    ),
    "outlook": MailService("smtp-mail.outlook.com", 587, "starttls", _OTHER_WORD),
}
"""By the name that stands in irzhub.yaml; `own` has no row."""


def usual_tls(port: int) -> Tls:
    """Return the mode that servers have on a port; never `none`, which somebody has to write."""
    return "tls" if port == _TLS_PORT else "starttls"
