"""Troubles in words."""

import re

import pytest

from integrations.smtp.troubles import KINDS, MailTrouble, wait_in


@pytest.mark.parametrize("kind", KINDS)
def test_each_has_words_in_both_languages(kind: str) -> None:
    trouble = MailTrouble(kind)

    assert trouble.in_words("en").isascii()
    assert re.search("[а-я]", trouble.in_words("ru"))
    assert str(trouble) == trouble.in_words("en")


def test_what_the_server_said_stays_one_short_line() -> None:
    trouble = MailTrouble("letter", "554 5.7.1\r\nspam \x1b[31m" + "x" * 1000)

    assert trouble.in_words("en").startswith(r"the mail server refused the letter (554 5.7.1 spam \x1b[31mxxx")
    assert len(str(trouble)) < 400


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("нет ящика".encode(), "нет ящика"),
        ("нет ящика".encode("cp1251"), "нет ящика"),
        (b"a \xff\xfe\x98 b", "a яю\ufffd b"),
        (b"a\r\n\x1b[31mb", r"a \x1b[31mb"),
    ],
)
def test_whatever_bytes_a_server_says_can_be_read_and_stored(raw: bytes, said: str) -> None:
    trouble = MailTrouble("recipient", raw.decode("utf-8", "surrogateescape"))  # as the library reads answers

    assert trouble.said == said
    assert str(trouble).encode()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("Greylisted for 300 seconds", 300.0),
        ("try again in 10 minutes", 600.0),
        ("wait 1 sec", 30.0),
        ("wait 99999 min", 3600.0),
        ("450 4.2.0 greylisted", None),
        ("", None),
    ],
)
def test_how_long_to_wait(said: str, seconds: float | None) -> None:
    assert wait_in(said) == seconds
