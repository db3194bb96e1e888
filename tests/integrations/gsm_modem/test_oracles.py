"""The codec beside other people's: what it builds they read, what they build it reads, and they cut as it does."""

import smsutil
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.gsm_modem.gsm7 import BASIC, EXTENSION
from integrations.gsm_modem.pdu import Deliver, StatusReport, build_submits, decode_incoming, join_texts
from integrations.gsm_modem.text import clean_text, split_text
from irzhub.simulator.gsm_pdu import build_deliver, build_report
from tests.integrations.gsm_modem.oracles import (
    by_gsmmodem,
    by_simulator,
    by_smspdudecoder,
    delivered_by_smspdudecoder,
    gsmmodem_pdu,
)

GSM = "".join(sorted((set(BASIC) - {"\x1b", "\r", "\f"}) | set(EXTENSION.values()) - {"\f"}))
NUMBERS = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)


@given(NUMBERS, st.text(GSM, max_size=500), st.integers(0, 255))
def test_latin_texts_reach_the_other_side(number: str, text: str, reference: int) -> None:
    made = build_submits(number, text, reference)
    read = [by_simulator(each.hex) for each in made]

    assert {each.number for each in read} == {number}
    assert "".join(each.text for each in read) == text
    if not set("@§") & set(text):  # one sees an `@` where none is, another none where one is, and a backtick for `§`
        assert "".join(by_gsmmodem(each.hex).text for each in made) == text
        assert "".join(by_smspdudecoder(each.hex).text.rstrip("@") for each in made) == text


@given(NUMBERS, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
@example("+79211234567", "🚨" * 36)
@example("+79211234567", "я" * 71)
def test_all_other_texts_reach_the_other_side(number: str, text: str) -> None:
    text = f"я{clean_text(text)}"
    made = build_submits(number, text, 7, report=True)
    for oracle in (by_gsmmodem, by_smspdudecoder, by_simulator):
        read = [oracle(each.hex) for each in made]
        assert {each.number for each in read} == {number}
        assert "".join(each.text for each in read).encode("utf-16-be", "surrogatepass").decode("utf-16-be") == text


@given(st.text(GSM, min_size=1, max_size=700))
def test_latin_texts_are_cut_where_another_library_cuts(text: str) -> None:
    parts = split_text(text)
    others = [part.content for part in smsutil.split(text).parts]

    assert len(parts.texts) == len(others)
    assert "".join(parts.texts) == "".join(others)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_other_texts_are_cut_where_another_library_cuts(text: str) -> None:
    text = f"я{clean_text(text)}"

    assert list(split_text(text).texts) == [part.content for part in smsutil.split(text).parts]


@given(st.text(st.sampled_from("дверь открыта door 🚨".replace("🚨", "")), max_size=150), NUMBERS)
def test_what_another_library_builds_is_read(text: str, number: str) -> None:
    """Its SUBMIT, turned into the DELIVER that the network makes of it."""
    parts = []
    for made in gsmmodem_pdu.encodeSmsSubmitPdu(number, text or "x", reference=5, requestStatusReport=False):
        octets = bytes(made.data)
        octets = octets[octets[0] + 1 :]
        address = octets[2 : 4 + (octets[2] + 1) // 2]
        rest = octets[2 + len(address) :]
        header = octets[0] & 0x40
        validity = {0x00: 0, 0x10: 1}.get(octets[0] & 0x18, 7)
        deliver = bytes((0x04 | header,)) + address + rest[:2] + bytes(7) + rest[2 + validity :]
        found = decode_incoming("00" + deliver.hex())
        assert isinstance(found, Deliver)
        assert found.number == number
        parts.append(found.text)

    assert join_texts(parts) == (text or "x")


@given(NUMBERS, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=35))
def test_what_comes_in_is_read_alike(number: str, text: str) -> None:
    pdu, length = build_deliver(number, text)
    found = decode_incoming(pdu, length)
    assert isinstance(found, Deliver)

    other = delivered_by_smspdudecoder(pdu)
    third = gsmmodem_pdu.decodeSmsPdu(pdu)
    assert (found.number, found.text) == (other.number, other.text)
    assert found.number == third["number"]
    assert found.text == third["text"].encode("utf-16-be", "surrogatepass").decode("utf-16-be")


@given(NUMBERS, st.integers(0, 255), st.integers(0, 255))
def test_reports_are_read_alike(number: str, reference: int, status: int) -> None:
    pdu, length = build_report(reference, number, status)
    other = gsmmodem_pdu.decodeSmsPdu(pdu)

    assert decode_incoming(pdu, length) == StatusReport(reference, number, status)
    assert (other["reference"], other["number"], other["status"]) == (reference, number, status)
