"""Letters handed in to real servers: good ones of aiosmtpd, and servers with every fault that mail servers have."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.smtp.mailbox import Account, Mailbox
from integrations.smtp.message import Letter, Sender, build_letter
from integrations.smtp.troubles import MailTrouble
from irzhub.core.clock import SystemClock
from tests.integrations.smtp.conftest import Script, delivery, expired, mail_server
from tests.mosquitto import TlsPair, free_port


def account(port: int, **about: Any) -> Account:
    base: dict[str, Any] = {"host": "127.0.0.1", "tls": "none", "greeting": "example.ru", "timeout_s": 0.3}
    return Account(port=port, **(base | about))


def mailbox(port: int, **about: Any) -> Mailbox:
    return Mailbox(account(port, **about), SystemClock())


def letter(to: str = "duty@example.ru", **about: Any) -> Letter:
    return build_letter(delivery(**about), Sender("hub@example.ru", "irzhub"), to, datetime.now(UTC))


async def trouble(box: Mailbox, written: Letter | None = None) -> MailTrouble:
    with pytest.raises(MailTrouble) as found:
        async with asyncio.timeout(30):
            await box.send(written or letter())
    await box.close()
    return found.value


@pytest.mark.parametrize("mode", ["none", "starttls", "tls"])
async def test_a_letter_arrives_in_each_mode(mode: Any, pair: TlsPair) -> None:
    async with mail_server(None if mode == "none" else pair, mode) as server:
        box = mailbox(
            server.port,
            host="localhost",
            tls=mode,
            username="hub@example.ru",
            password="right",
            ca_file=pair.certificate,
            timeout_s=5.0,
        )
        assert await box.send(letter()) == "2.0.0 Ok: queued as 1"
        assert (await box.check()).startswith("mail.example")
        await box.close()

    [envelope] = server.postman.letters
    assert (envelope.mail_from, envelope.rcpt_tos) == ("hub@example.ru", ["duty@example.ru"])
    assert server.postman.read()["Subject"] == "Дверь"
    assert server.postman.sessions[0].authenticated
    assert (server.postman.sessions[0].ssl is not None) == (mode == "starttls")


async def test_one_connection_carries_many_letters_and_says_goodbye(script: Script) -> None:
    box = mailbox(script.port)
    for number in range(3):
        await box.send(letter(f"a{number}@example.ru"))
    await box.close()

    assert script.talks == 1
    assert len(script.letters) == 3
    assert script.said[0] == "EHLO example.ru"
    assert script.said[-1] == "QUIT"


async def test_two_connections_at_the_most(script: Script) -> None:
    box = mailbox(script.port, timeout_s=5.0)
    await asyncio.gather(*(box.send(letter(f"a{number}@example.ru")) for number in range(8)))
    await box.close()

    assert script.talks == 2
    assert len(script.letters) == 8


async def test_a_kept_connection_that_the_server_has_left_costs_nothing(script: Script) -> None:
    box = mailbox(script.port)
    await box.send(letter())
    script.answers["MAIL"] = b""

    def well_again(verb: str) -> None:
        if script.talks == 2:
            script.answers.pop("MAIL", None)

    script.before = well_again
    assert await box.send(letter()) == "2.0.0 Ok: queued"
    await box.close()

    assert script.talks == 2
    assert len(script.letters) == 2


async def test_a_refused_recipient_costs_the_others_nothing(script: Script) -> None:
    script.recipients["gone@example.ru"] = b"550 5.1.1 no such user\r\n"
    box = mailbox(script.port)
    sent = await asyncio.gather(
        *(box.send(letter(f"{name}@example.ru")) for name in ("a", "gone", "b")), return_exceptions=True
    )
    again = await box.send(letter("c@example.ru"))
    await box.close()

    assert [sent[0], sent[2], again] == ["2.0.0 Ok: queued"] * 3
    assert isinstance(sent[1], MailTrouble)
    assert (sent[1].status, sent[1].kind) == ("refused", "recipient")
    assert "RSET" in script.said
    assert script.talks == 2, "the connection of the refused letter goes on"


@pytest.mark.parametrize(
    ("verb", "answer", "status", "kind"),
    [
        ("RCPT", b"450 4.7.1 Greylisted, see http://x/ in 600 seconds\r\n", "later", "greylisted"),
        ("RCPT", b"451 4.3.0 try later\r\n", "later", "busy"),
        ("dot", b"451 4.7.1 Greylisting in action\r\n", "later", "greylisted"),
        ("greeting", b"421 4.3.2 too many connections\r\n", "later", "busy"),
        ("MAIL", b"421 4.4.2 closing\r\n", "later", "busy"),
        ("MAIL", b"452 4.3.1 out of space\r\n", "later", "busy"),
        ("RCPT", b"452 4.5.3 too many recipients\r\n", "later", "busy"),
        ("RCPT", b"550 5.1.1 no such user\r\n", "refused", "recipient"),
        ("RCPT", "550 5.1.1 нет такого ящика\r\n".encode("cp1251"), "refused", "recipient"),
        ("dot", "451 4.3.0 позже\r\n".encode("koi8-r"), "later", "busy"),
        ("MAIL", b"553 5.7.1 sender is not yours\r\n", "refused", "sender"),
        ("MAIL", b"530 5.7.0 sign in first\r\n", "refused", "no_password"),
        ("dot", b"554 5.7.1 spam\r\n", "refused", "letter"),
        ("dot", b"552 5.3.4 too big\r\n", "refused", "size"),
        ("DATA", b"554 5.5.1 no\r\n", "refused", "letter"),
        ("greeting", b"554 go away\r\n", "later", "busy"),
        ("greeting", None, "later", "slow"),
        ("EHLO", None, "later", "slow"),
        ("MAIL", None, "later", "slow"),
        ("RCPT", None, "later", "slow"),
        ("RCPT", b"", "later", "lost"),
        ("DATA", None, "unknown", "unsure"),
        ("dot", None, "unknown", "unsure"),
        ("dot", b"", "unknown", "unsure"),
        ("MAIL", b"hello\r\n", "later", "babble"),
        ("MAIL", b"2" * 100_000 + b"\r\n", "later", "babble"),
        ("dot", b"hello\r\n", "unknown", "unsure"),
    ],
    ids=lambda value: ascii(value[:12]) if isinstance(value, bytes) else str(value),
)
async def test_faults_of_a_server(script: Script, verb: str, answer: bytes | None, status: str, kind: str) -> None:
    script.answers[verb] = answer
    found = await trouble(mailbox(script.port))

    assert (found.status, found.kind) == (status, kind), str(found)


async def test_how_long_a_greylist_asks_to_wait(script: Script) -> None:
    script.answers["RCPT"] = b"450 4.2.0 Greylisted for 10 minutes\r\n"

    assert (await trouble(mailbox(script.port))).retry_after_s == 600.0


async def test_a_letter_that_may_have_arrived_is_the_same_letter_again(script: Script) -> None:
    box = mailbox(script.port)
    script.answers["dot"] = b""
    assert (await trouble(box)).status == "unknown"
    script.answers.clear()
    await box.send(letter(attempt=2, may_repeat=True))
    await box.close()

    ids = [line for each in script.letters for line in each.split(b"\r\n") if line.startswith(b"Message-ID:")]
    assert ids == [b"Message-ID: <01K9ZZZZZZZZZZZZZZZZZZZZZZ@example.ru>"] * 2


async def test_nothing_is_sent_in_the_clear_where_starttls_was_taken_away(script: Script) -> None:
    found = await trouble(mailbox(script.port, tls="starttls", username="hub", password="right"))

    assert (found.status, found.kind) == ("later", "no_starttls")
    assert script.said == ["EHLO example.ru"]
    assert script.letters == []


async def test_a_refused_starttls_is_no_reason_to_go_on(script: Script) -> None:
    script.answers["EHLO"] = b"250-mail.example\r\n250 STARTTLS\r\n"
    script.answers["STARTTLS"] = b"454 4.7.0 not now\r\n"
    found = await trouble(mailbox(script.port, tls="starttls", username="hub", password="right"))

    assert found.status == "later"
    assert script.said == ["EHLO example.ru", "STARTTLS"]


async def test_an_expired_certificate(tmp_path: Path) -> None:
    old = await asyncio.to_thread(expired, tmp_path)
    async with mail_server(old, "tls") as server:
        found = await trouble(mailbox(server.port, host="localhost", tls="tls", ca_file=old.certificate, timeout_s=5))

    assert (found.status, found.kind) == ("later", "certificate")
    assert "expired" in found.said
    assert server.postman.letters == []


async def test_a_certificate_of_somebody_else(pair: TlsPair) -> None:
    async with mail_server(pair, "tls") as server:
        unknown = await trouble(mailbox(server.port, host="localhost", tls="tls", timeout_s=5.0))
        other = await trouble(
            mailbox(server.port, host="localhost.", tls="tls", ca_file=pair.certificate, timeout_s=5.0)
        )

    assert unknown.kind == "certificate"
    assert other.kind in {"certificate", "dns"}


async def test_a_refused_password_is_not_tried_at_once_again(script: Script) -> None:
    script.answers["EHLO"] = b"250-mail.example\r\n250 AUTH PLAIN\r\n"
    script.answers["AUTH"] = b"535 5.7.8 wrong password\r\n"
    box = mailbox(script.port, username="hub", password="wrong")
    first = await trouble(box)
    second = await trouble(box)

    assert (first.status, first.kind, second.kind) == ("refused", "password", "password")
    assert script.talks == 1
    assert "wrong\0" not in str(first)

    script.answers["AUTH"] = b"235 2.7.0 welcome\r\n"
    assert await box.check() == "mail.example"
    await box.send(letter())
    await box.close()
    assert len(script.letters) == 1


async def test_a_server_that_cannot_check_passwords_now(script: Script) -> None:
    script.answers["EHLO"] = b"250-mail.example\r\n250 AUTH PLAIN\r\n"
    script.answers["AUTH"] = b"454 4.7.0 later\r\n"

    assert (await trouble(mailbox(script.port, username="hub", password="right"))).status == "later"


async def test_a_server_without_passwords(script: Script) -> None:
    found = await trouble(mailbox(script.port, username="hub", password="right"))

    assert (found.status, found.kind) == ("refused", "no_auth")


async def test_a_name_that_nobody_has() -> None:
    found = await trouble(mailbox(25, host="mail.invalid", timeout_s=5.0))

    assert (found.status, found.kind) == ("later", "dns")


async def test_nobody_listens() -> None:
    found = await trouble(mailbox(free_port()))

    assert (found.status, found.kind) == ("later", "unreachable")
    assert "refused" in found.said


async def test_a_plain_server_where_tls_was_meant(script: Script) -> None:
    found = await trouble(mailbox(script.port, tls="tls", timeout_s=5.0))

    assert found.kind == "want_starttls"


async def test_letters_that_are_too_large_do_not_leave(script: Script) -> None:
    ours = await trouble(mailbox(script.port, largest=100))
    assert (ours.kind, script.talks) == ("size", 0)

    script.answers["EHLO"] = b"250-mail.example\r\n250 SIZE 100\r\n"
    theirs = await trouble(mailbox(script.port))
    assert (theirs.kind, script.said) == ("size", ["EHLO example.ru", "QUIT"])


@pytest.mark.parametrize("size", ["\u00b2", "9" * 5000, "1_0", "-1", "many"], ids=ascii)
async def test_a_size_that_is_no_number_is_no_limit(script: Script, size: str) -> None:
    script.answers["EHLO"] = f"250-mail.example\r\n250 SIZE {size}\r\n".encode()
    box = mailbox(script.port)

    assert await box.send(letter()) == "2.0.0 Ok: queued"
    await box.close()


async def test_no_more_letters_than_the_service_allows(script: Script) -> None:
    box = mailbox(script.port, letters=2, period_s=3600.0)
    await box.send(letter())
    await box.send(letter())
    found = await trouble(box)

    assert (found.status, found.kind) == ("later", "limit")
    assert found.retry_after_s is not None
    assert 3590 < found.retry_after_s <= 3600


async def test_a_password_is_in_no_text() -> None:
    assert "right" not in repr(account(25, password="right"))
