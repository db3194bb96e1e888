"""What a letter is made of; bad subjects, names and texts are in tests/corpora/mail."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from integrations.smtp.message import Sender, build_letter, in_line, in_text, message_id
from irzhub.core.services import Attachment
from tests.integrations.smtp.conftest import delivery

NOW = datetime(2026, 11, 21, 18, 57, 3, tzinfo=UTC)
SENDER = Sender("hub@example.ru", "Диспетчерская")


def built(**about: Any) -> EmailMessage:
    letter = build_letter(delivery(**about), SENDER, "duty@example.ru", NOW)
    read = message_from_bytes(letter.content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_the_headers() -> None:
    letter = built(urgency="now")

    assert dict(letter.items()) | {"Content-Type": ""} == {
        "From": "Диспетчерская <hub@example.ru>",
        "To": "duty@example.ru",
        "Subject": "Дверь",
        "Date": "Sat, 21 Nov 2026 18:57:03 +0000",
        "Message-ID": "<01K9ZZZZZZZZZZZZZZZZZZZZZZ@example.ru>",
        "Auto-Submitted": "auto-generated",
        "Importance": "high",
        "MIME-Version": "1.0",
        "Content-Type": "",
    }


def test_a_plain_and_an_html_part_say_the_same() -> None:
    letter = built(text="котельная <12>:\nдверь открыта")
    plain, page = letter.get_body(("plain",)), letter.get_body(("html",))

    assert plain is not None
    assert page is not None
    assert plain.get_content().splitlines() == ["котельная <12>:", "дверь открыта"]
    assert "котельная &lt;12&gt;:\r\nдверь открыта" in page.get_content()


def test_html_of_the_writer_is_taken_as_it_is() -> None:
    page = built(html="<p>дверь</p>").get_body(("html",))

    assert page is not None
    assert page.get_content() == "<p>дверь</p>\r\n"


def test_files_come_with_it() -> None:
    files = (
        Attachment(name="Отчёт за ноябрь.pdf", media_type="application/pdf", content=b"%PDF-1.7\n\x00\xff"),
        Attachment(name="строки.csv", media_type="text/csv", content="имя;порт\r\n".encode()),
        Attachment(name="odd", media_type="odd", content=b"x"),
    )
    found = [(each.get_filename(), each.get_content_type()) for each in built(attachments=files).iter_attachments()]
    first = next(iter(built(attachments=files).iter_attachments()))

    assert found == [
        ("Отчёт за ноябрь.pdf", "application/pdf"),
        ("строки.csv", "text/csv"),
        ("odd", "odd/octet-stream"),
    ]
    assert first.get_payload(decode=True) == b"%PDF-1.7\n\x00\xff"


def test_megabytes_keep_their_bytes() -> None:
    content = bytes(range(256)) * 4096 * 2
    [file] = built(
        attachments=(Attachment(name="x.bin", media_type="application/zip", content=content),)
    ).iter_attachments()

    assert file.get_payload(decode=True) == content


def test_without_a_subject_the_text_is_the_subject() -> None:
    assert built(subject="", text="дверь открыта\nкотельная 12")["Subject"] == "дверь открыта котельная 12"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\nBcc: b", "a Bcc: b"),
        ("a" * 30, "a" * 9 + "…"),
        ("half \ud83d an emoji", "half ? an…"),
        ("", ""),
    ],
)
def test_lines(text: str, line: str) -> None:
    assert in_line(text, 10) == line[:10]


def test_texts() -> None:
    assert in_text("a\r\nb\rc\n\n") == "a\nb\nc\n"
    assert in_text("a\x00\x1b\tb") == "a\tb\n"


def test_the_id_is_that_of_the_delivery() -> None:
    assert message_id("01K9", "hub@example.ru") == "<01K9@example.ru>"
