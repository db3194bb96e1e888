"""What is taken from the memory of a modem, and what stays there until it is whole."""

from integrations.gsm_modem.mailbox import ROOM, Kept, Mailbox, read_list
from integrations.gsm_modem.pdu import Deliver, PartOf, StatusReport
from irzhub.simulator.gsm_pdu import build_deliver


def part(place: int, number: int, total: int = 2, sender: str = "+7921") -> Kept:
    return Kept(place, Deliver(sender, "x", None, PartOf(7, total, number)))


def single(place: int) -> Kept:
    return Kept(place, Deliver("+7921", "x", None))


def test_the_list_of_a_modem() -> None:
    pdu, length = build_deliver("+79211234567", "дверь")
    lines = [
        *(f"+CMGL: 1,0,,{length}", pdu),
        *("+CMGL: 2,2,,20", pdu),  # stored for sending, by somebody else
        *('+CMGL: 3,1,"",5', "FF"),
        *(f"+CMGL: 4,1,,{length}", pdu),
        "+CMGL: many,1,,5",
        "noise",
    ]
    kept = read_list(lines)

    assert [each.place for each in kept] == [1, 3, 4]
    assert [isinstance(each.found, Deliver) for each in kept] == [True, False, True]
    assert kept[1].error.startswith("expected 255 octets for the service centre")
    assert read_list(["+CMGL: 1,0,,20"]) == [Kept(1, None, "expected up to 400 octets in hex, got 0 characters")]


def test_what_stands_alone_goes_at_once() -> None:
    kept = [single(1), Kept(2, StatusReport(7, "+7921", 0)), Kept(3, None, "no SMS")]

    assert Mailbox().choose(kept, 0.0) == kept


def test_parts_wait_for_each_other() -> None:
    box = Mailbox()

    assert box.choose([part(1, 2), single(2)], 0.0) == [single(2)]
    assert box.choose([part(1, 2), part(2, 2)], 1.0) == [], "the same part twice is not the whole"
    whole = [part(1, 2), part(3, 1)]
    assert box.choose(whole, 2.0) == whole
    assert box.choose([part(1, 2), part(3, 1, sender="+7922")], 3.0) == []


def test_nothing_waits_for_ever() -> None:
    box = Mailbox()

    assert box.choose([part(1, 2)], 0.0) == []
    assert box.choose([part(1, 2)], 3599.0) == []
    assert box.choose([part(1, 2)], 3600.0) == [part(1, 2)]


def test_parts_do_not_fill_the_card() -> None:
    kept = [part(place, 1, total=255, sender=f"+{place}") for place in range(1, ROOM + 1)]
    box = Mailbox()

    assert box.choose(kept, 0.0) == []
    assert box.choose([*kept, single(99)], 1.0) == [*kept, single(99)]
