"""Parts of incoming SMS: in any order, from anybody, and not too many."""

from integrations.gsm_modem.pdu import Deliver, PartOf
from integrations.gsm_modem.reassembly import MISSING, Reassembly, Whole


def part(number: int, total: int = 3, reference: int = 1, sender: str = "+79210000001", text: str = "") -> Deliver:
    return Deliver(sender, text or f"<{number}>", None, PartOf(reference, total, number))


def texts(found: list[Whole]) -> list[str]:
    return [each.text for each in found]


def test_one_alone_is_whole_at_once() -> None:
    assert texts(Reassembly().add(Deliver("+1", "hi", None), 0.0)) == ["hi"]


def test_parts_come_in_any_order_and_twice() -> None:
    book = Reassembly()

    assert book.add(part(3), 0) == []
    assert book.add(part(1), 1) == []
    assert book.add(part(1, text="again"), 2) == []
    assert texts(book.add(part(2), 3)) == ["<1><2><3>"]
    assert len(book) == 0


def test_senders_and_references_do_not_mix() -> None:
    book = Reassembly()
    book.add(part(1, 2), 0)
    book.add(part(1, 2, reference=2), 0)
    book.add(part(1, 2, sender="+79210000002"), 0)

    assert len(book) == 3
    assert texts(book.add(part(2, 2, reference=2), 0)) == ["<1><2>"]


def test_an_emoji_cut_in_two_is_whole_again() -> None:
    book = Reassembly()
    book.add(part(2, 2, text="\udea8b"), 0)

    assert texts(book.add(part(1, 2, text="a\ud83d"), 0)) == ["a🚨b"]


def test_what_never_gets_complete_is_told_with_its_gaps() -> None:
    book = Reassembly()
    book.add(part(2, 4), 0)
    book.add(part(3, 4), 0)

    assert book.expire(3599) == []
    assert book.expire(3600) == [Whole("+79210000001", f"{MISSING}<2><3>{MISSING}", None, is_complete=False)]


def test_one_sender_cannot_fill_it() -> None:
    book = Reassembly()
    book.add(part(1, 255, sender="+79210000002"), 0)
    given_up = [each for reference in range(100) for each in book.add(part(1, 255, reference), 0)]

    assert len(book) == 9
    assert len(given_up) == 92
    assert {each.number for each in given_up} == {"+79210000001"}


def test_many_senders_cannot_either() -> None:
    book = Reassembly()
    for sender in range(500):
        book.add(part(1, 255, sender=f"+7921{sender:07}"), 0)

    assert len(book) == 64


def test_255_parts_backwards() -> None:
    book = Reassembly()
    found = [each for number in range(255, 0, -1) for each in book.add(part(number, 255, text="ы"), 0)]

    assert texts(found) == ["ы" * 255]
