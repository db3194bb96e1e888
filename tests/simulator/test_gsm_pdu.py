"""The simulator's own view of SMS: what it builds the hub reads, what the hub builds it reads."""

import pytest

from integrations.gsm_modem.pdu import Deliver, StatusReport, build_submits, decode_incoming, join_texts
from irzhub.simulator.gsm_pdu import Submitted, build_deliver, build_delivers, build_report, read_submit


@pytest.mark.parametrize("number", ["+79211234567", "900", "MTS", "Rostelecom1"])
def test_one_that_is_delivered(number: str) -> None:
    pdu, length = build_deliver(number, "дверь")
    found = decode_incoming(pdu, length)

    assert isinstance(found, Deliver)
    assert (found.number, found.text, str(found.sent_at)) == (number, "дверь", "2026-01-02 03:04:05+00:00")


@pytest.mark.parametrize("text", ["я" * 70, "я" * 71, "🚨" * 100, ""], ids=["70", "71", "emoji", "empty"])
def test_parts_are_cut_as_phones_cut_them(text: str) -> None:
    found = [decode_incoming(pdu, length) for pdu, length in build_delivers("+7921", text, 9)]

    assert join_texts([each.text for each in found if isinstance(each, Deliver)]) == text
    assert len(found) == 1 or [each.part.number for each in found if isinstance(each, Deliver) and each.part] == list(
        range(1, len(found) + 1)
    )


def test_a_report() -> None:
    pdu, length = build_report(7, "+79211234567", 0x46)

    assert decode_incoming(pdu, length) == StatusReport(7, "+79211234567", 0x46)


@pytest.mark.parametrize("text", ["дверь 🚨", "{[~^|\\]}€", "a" * 160, "@£$¥è"])
def test_one_that_is_sent(text: str) -> None:
    (made,) = build_submits("+79211234567", text, 0, report=True)

    assert read_submit(made.hex) == Submitted("+79211234567", text, wants_report=True)


@pytest.mark.parametrize(
    ("pdu", "why"),
    [
        ("0000000B919712214365F7", "expected an SMS-SUBMIT"),
        ("0011000B919712214365F70004A70141", "expected GSM 7-bit or UCS-2, got the coding 0x04"),
        ("0011000B919712214365F70008A7040041", "expected 4 octets of text, got 2"),
        ("0011000B919712214365F70000A70241", "expected 2 septets of text, got 1 octets"),
    ],
    ids=["deliver", "coding", "short ucs2", "short gsm7"],
)
def test_what_a_module_would_refuse_is_refused(pdu: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_submit(pdu)
