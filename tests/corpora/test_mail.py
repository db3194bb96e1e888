"""Addresses, headers and texts of letters of every bad kind, as the library that receives them would read them."""

import json
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest

from integrations.smtp.address import WrongAddress, parse_address
from integrations.smtp.message import Sender, build_letter, in_text
from irzhub.core.services import Attachment, Delivery
from tests.corpora import Case, read_cases

CASES = read_cases("mail")
NOW = datetime(2026, 11, 21, 18, 57, 3, tzinfo=UTC)
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]


def of(kind: str) -> list[Case]:
    return [case for case in CASES if case.name.startswith(f"{kind}: ")]


def test_there_are_enough() -> None:
    assert len(CASES) >= 80
    assert len(of("address")) + len(of("header")) + len(of("text")) == len(CASES)


@pytest.mark.parametrize("case", of("address"), ids=str)
def test_addresses(case: Case) -> None:
    written = case.data.decode(errors="surrogateescape")
    try:
        address = parse_address(written)
    except WrongAddress as error:
        assert case.expected == "refused"
        assert len(str(error)) < 300
        assert str(error).isascii()
        assert str(error).isprintable()
        return
    assert case.expected == "good"
    assert address.isascii()
    assert address.isprintable()
    assert address.partition("@")[0] == written.partition("@")[0]


@pytest.mark.parametrize("case", of("header"), ids=str)
def test_headers(case: Case) -> None:
    text, expected = case.data.decode(), json.loads(case.expected)
    file = Attachment(name=text, media_type="text/csv", content=b"a;b")
    delivery = Delivery(id="01K9", to="duty@example.ru", subject=text, text="x", attachments=(file,))
    letter = read(build_letter(delivery, Sender("hub@example.ru", text), "duty@example.ru", NOW).content)

    assert letter.keys() == HEADERS
    assert letter["Subject"] == expected
    assert letter["From"].addresses[0].display_name.strip("<>") == expected.strip("<>")
    assert letter["From"].addresses[0].addr_spec == "hub@example.ru"
    assert [len(letter["From"].addresses), len(letter["To"].addresses)] == [1, 1]
    [attached] = letter.iter_attachments()
    assert (attached.get_filename() or "").strip("<>") == expected.strip("<>")  # the reader takes them off
    assert attached.get_content().strip() == "a;b"


@pytest.mark.parametrize("case", of("text"), ids=str)
def test_texts(case: Case) -> None:
    text = case.data.decode(errors="surrogateescape")
    delivery = Delivery(id="01K9", to="duty@example.ru", subject="x", text=text)
    content = build_letter(delivery, Sender("hub@example.ru", "irzhub"), "duty@example.ru", NOW).content
    letter = read(content)

    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert letter.keys() == HEADERS
    plain, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().replace("\r\n", "\n") == in_text(text)
    reader = Reader()
    reader.feed(page.get_content())
    assert reader.tags <= {"html", "head", "meta", "body", "div", "a"}
    assert all(link.startswith(("http://", "https://")) for link in reader.links)
    assert reader.attributes <= {"charset", "style", "href"}
    assert reader.text.replace("\r\n", "\n").strip() == in_text(text).strip()


class Reader(HTMLParser):
    """Reads a page as a browser does: its tags, links and words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def read(content: bytes) -> EmailMessage:
    letter = message_from_bytes(content, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    return letter
