"""Mail through an ordinary account or an own server (docs/notifications.md)."""

import asyncio
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any, Final

from irzhub.api import (
    HOST,
    PORT,
    ChannelCheck,
    CheckOutcome,
    Choice,
    Delivery,
    DeliveryOutcome,
    Duration,
    IntegrationHub,
    OrNull,
    Rate,
    SetupFailed,
    Size,
    Text,
    Unload,
    check_on,
    delivery_on,
    in_words,
    key,
)

from .address import WrongAddress, parse_address
from .mailbox import Account, Mailbox
from .message import Sender, build_letter
from .services import SERVICES, usual_tls
from .troubles import MailTrouble, readable

_PORT: Final = 587

SCHEMA: Final = {
    key(
        "service",
        "own",
        "mail service of the account, or own: a server named by host",
        "почтовый сервис ящика или own: свой сервер, указанный в host",
    ): Choice(("own", *SERVICES)),
    key("host", None, "mail server; null: that of the service", "почтовый сервер; null: сервер сервиса"): OrNull(HOST),
    key("port", None, "its port; null: that of the service, or 587", "его порт; null: порт сервиса или 587"): OrNull(
        PORT
    ),
    key(
        "tls",
        None,
        "none: in the clear; starttls: TLS after the greeting, nothing is sent without it; tls: TLS from the first "
        "byte; null: as usual on the port",
        "none: открытым текстом; starttls: TLS после приветствия, без него ничего не отправляется; tls: TLS с первого "
        "байта; null: как принято на этом порту",
    ): OrNull(Choice(("none", "starttls", "tls"))),
    key("username", None, "user, often the address", "имя пользователя, обычно адрес ящика"): OrNull(Text(longest=254)),
    key("password", None, "his password", "его пароль", is_secret=True): OrNull(Text(longest=500)),
    key("sender", None, "address that letters come from; null: the user", "адрес отправителя; null: username"): OrNull(
        Text(longest=254)
    ),
    key("sender_name", "irzhub", "name beside the sender's address", "имя рядом с адресом отправителя"): Text(
        longest=100
    ),
    key(
        "ca_file",
        None,
        "PEM file with the authority of the server's certificate; null: those of the system",
        "PEM-файл удостоверяющего центра сервера; null: системные",
    ): OrNull(Text("a file")),
    key("timeout", "30s", "how long each answer of the server is awaited", "сколько ждать каждого ответа сервера"): (
        Duration(1, 300)
    ),
    key("largest", "20MiB", "largest letter with its files", "наибольшее письмо с вложениями"): Size(),
    key(
        "limit",
        None,
        "letters at the most, such as 60/h: what the mail service allows; null: any number",
        "предел числа писем, например 60/h: сколько разрешает почтовый сервис; null: без предела",
    ): OrNull(Rate()),
}


async def setup(hub: IntegrationHub, config: Mapping[str, Any]) -> Unload | None:
    """Offer mail as a channel; the first letter makes the first connection, the account is tried at once beside it."""
    account, sender = read_account(config, hub.settings.config_dir)
    mail = Mail(Mailbox(account, hub.clock), sender, hub, config["service"])
    hub.offer(delivery_on("email"), mail.deliver)
    hub.offer(check_on("email"), mail.check)
    hub.spawn(mail.check(ChannelCheck(language=hub.settings.hub.language)), "first check")
    return mail.mailbox.close


def read_account(config: Mapping[str, Any], config_dir: Path) -> tuple[Account, Sender]:
    """Return what the settings mean.

    Raises:
        SetupFailed: no server, or a sender that is no mail address.
    """
    service = SERVICES.get(config["service"])
    host = config["host"] or (service.host if service else None)
    if host is None:
        raise SetupFailed(f"expected host, or service as one of {', '.join(SERVICES)}")
    port = config["port"] or (service.port if service else _PORT)
    username = config["username"]
    try:
        address = parse_address(config["sender"] or username or "")
    except WrongAddress as error:
        raise SetupFailed(f"sender: {error}") from None
    letters, period_s = config["limit"] or (0, 0.0)
    account = Account(
        host=host,
        port=port,
        tls=config["tls"] or (service.tls if service and port == service.port else usual_tls(port)),
        greeting=address.rpartition("@")[2],
        username=username,
        password=config["password"],
        ca_file=None if config["ca_file"] is None else config_dir / Path(config["ca_file"]),
        timeout_s=config["timeout"],
        largest=config["largest"],
        letters=letters,
        period_s=period_s,
    )
    return account, Sender(address, config["sender_name"])


class Mail:
    """The channel `email`: deliveries become letters, troubles become outcomes and the health of the part."""

    def __init__(self, mailbox: Mailbox, sender: Sender, hub: IntegrationHub, service: str) -> None:
        self.mailbox = mailbox
        self._sender = sender
        self._hub = hub
        self._hint = SERVICES[service].hint if service in SERVICES else ""

    async def deliver(self, delivery: Delivery) -> DeliveryOutcome:
        """Send one letter to one address."""
        try:
            recipient = parse_address(delivery.to)
        except WrongAddress as error:
            return _outcome(MailTrouble("address", str(error)))
        now = self._hub.clock.now().astimezone(UTC)
        # Files of many megabytes are encoded: not on the loop.
        letter = await asyncio.to_thread(build_letter, delivery, self._sender, recipient, now)
        try:
            said = await self.mailbox.send(letter)
        except MailTrouble as error:
            if error.kind not in _OF_THE_LETTER:
                self._hub.report("degraded", self._told(error, "en"))
            return _outcome(error)
        self._hub.report("up")
        return DeliveryOutcome(status="sent", reference=readable(said)[:200] or None)

    async def check(self, check: ChannelCheck) -> CheckOutcome:
        """Connect and sign in, and say in words how it went."""
        try:
            server = await self.mailbox.check()
        except MailTrouble as error:
            self._hub.report("degraded", self._told(error, "en"))
            return CheckOutcome(is_good=False, text=self._told(error, check.language))
        self._hub.report("up")
        words = "почтовый сервер принял соединение и вход" if check.language == "ru" else "the mail server let us in"
        return CheckOutcome(is_good=True, text=f"{words}: {server}" if server else words)

    def _told(self, error: MailTrouble, language: str) -> str:
        told = error.in_words(language)
        return f"{told}; {in_words(self._hint, language)}" if self._hint and error.kind == "password" else told


_OF_THE_LETTER: Final = ("address", "recipient", "letter", "size", "greylisted", "limit", "unsure", "busy")
"""Troubles that say nothing about the mailbox: other letters may go out."""


def _outcome(error: MailTrouble) -> DeliveryOutcome:
    return DeliveryOutcome(status=error.status, error=str(error), retry_after_s=error.retry_after_s)
