"""The part in a hub: settings, the channel `email`, its test and its health."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from integrations.smtp import SCHEMA, read_account
from irzhub.api import SetupFailed
from irzhub.config.integrations import judge_integration
from irzhub.core.services import ChannelCheck, check_on, delivery_on
from tests.integrations.smtp.conftest import Script, delivery, mail_server
from tests.test_loader import health_of, hub_with

EMAIL = delivery_on("email")
CHECK = check_on("email")


def settings(**written: Any) -> Mapping[str, Any]:
    """Return what the schema makes of the operator's settings."""
    judged, errors = judge_integration("smtp", SCHEMA, written)
    assert errors == []
    return judged


def test_a_service_fills_what_was_not_written() -> None:
    account, sender = read_account(settings(service="yandex", username="hub@yandex.ru", password="x"), Path("/etc"))

    assert (account.host, account.port, account.tls, account.greeting) == ("smtp.yandex.ru", 465, "tls", "yandex.ru")
    assert (sender.address, sender.name) == ("hub@yandex.ru", "irzhub")


@pytest.mark.parametrize(
    ("written", "port", "tls"),
    [
        ({"host": "mail.example.ru"}, 587, "starttls"),
        ({"host": "mail.example.ru", "port": 465}, 465, "tls"),
        ({"host": "mail.example.ru", "port": 25, "tls": "none"}, 25, "none"),
        ({"service": "yandex", "port": 587}, 587, "starttls"),
    ],
)
def test_the_usual_port_and_mode(written: dict[str, Any], port: int, tls: str) -> None:
    account, _ = read_account(settings(sender="hub@почта.рф", **written), Path("/etc"))

    assert (account.port, account.tls, account.greeting) == (port, tls, "xn--80a1acny.xn--p1ai")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ({"sender": "hub@example.ru"}, "expected host, or service as one of yandex"),
        ({"host": "mail.example.ru"}, "sender: expected one mail address"),
        ({"host": "mail.example.ru", "sender": "a@b.ru\r\nBcc: x"}, "sender: "),
    ],
)
def test_what_cannot_work_is_refused(written: dict[str, Any], why: str) -> None:
    with pytest.raises(SetupFailed, match=why):
        read_account(settings(**written), Path("/etc"))


async def test_a_message_becomes_a_letter(tmp_path: Path) -> None:
    async with mail_server() as server:
        written = settings(host="127.0.0.1", port=server.port, tls="none", sender="hub@example.ru")
        async with hub_with(tmp_path, smtp=dict(written)) as (_, ground):
            outcome = await ground.services.call(EMAIL, delivery(to="duty@почта.рф"))
            refused = await ground.services.call(EMAIL, delivery(to="duty@example.ru\r\nRCPT TO:<x@y>"))
            check = await ground.services.call(CHECK, ChannelCheck(language="en"))

            assert (outcome.status, outcome.reference) == ("sent", "2.0.0 Ok: queued as 1")
            assert refused.status == "refused"
            assert check.is_good
            assert check.text == "the mail server let us in: mail.example"
            assert health_of(ground, "smtp").state == "up"
        assert not ground.services.offers(EMAIL)

    [envelope] = server.postman.letters
    assert envelope.rcpt_tos == ["duty@xn--80a1acny.xn--p1ai"]
    assert server.postman.read()["Message-ID"] == "<01K9ZZZZZZZZZZZZZZZZZZZZZZ@example.ru>"


async def test_a_trouble_of_the_mailbox_is_shown_one_of_a_letter_is_not(tmp_path: Path, script: Script) -> None:
    written = settings(host="127.0.0.1", port=script.port, tls="none", sender="hub@example.ru")
    script.recipients["gone@example.ru"] = b"550 5.1.1 no such user\r\n"
    async with hub_with(tmp_path, smtp=dict(written)) as (_, ground):
        outcome = await ground.services.call(EMAIL, delivery(to="gone@example.ru"))
        assert outcome.status == "refused"
        assert outcome.error == "the mail server refused the recipient (550 5.1.1 no such user)"
        assert health_of(ground, "smtp").state == "up"

        script.answers["MAIL"] = b"553 5.7.1 not your mailbox\r\n"
        assert (await ground.services.call(EMAIL, delivery())).status == "refused"
        assert health_of(ground, "smtp").state == "degraded"

        script.answers.clear()
        assert (await ground.services.call(EMAIL, delivery())).status == "sent"
        assert health_of(ground, "smtp").state == "up"


async def test_a_wrong_password_is_said_with_what_is_known_of_the_service(tmp_path: Path, script: Script) -> None:
    script.answers["EHLO"] = b"250-mail.example\r\n250 AUTH PLAIN\r\n"
    script.answers["AUTH"] = b"535 5.7.8 wrong password\r\n"
    written = settings(
        service="yandex", host="127.0.0.1", port=script.port, tls="none", username="hub@yandex.ru", password="hunter24"
    )
    async with hub_with(tmp_path, smtp=dict(written)) as (_, ground):
        check = await ground.services.call(CHECK, ChannelCheck())
        assert not check.is_good
        assert check.text == (
            "почтовый сервер не принял имя пользователя или пароль (535 5.7.8 wrong password); "
            "нужен пароль для внешних приложений, а не пароль от ящика"
        )
        assert "hunter24" not in health_of(ground, "smtp").detail
