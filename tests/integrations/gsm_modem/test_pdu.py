"""Whole PDUs: built as phones build them, read as networks send them, hostile ones refused."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.gsm_modem.pdu import (
    BadPdu,
    Deliver,
    PartOf,
    StatusReport,
    build_submits,
    decode_incoming,
    join_texts,
)

HELLO = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
"""A message that has been passed round since the nineties: "How are you?", with its service centre."""


def test_a_submit_octet_by_octet() -> None:
    (made,) = build_submits("+79211234567", "hellohello", 0)

    assert made.hex == "00" + "1100" + "0B919712214365F7" + "0000" + "A7" + "0A" + "E8329BFD4697D9EC37"
    assert made.length == len(made.hex) // 2 - 1


def test_parts_share_a_reference_and_count_from_one() -> None:
    parts = build_submits("+79211234567", "я" * 150, 0x2A, report=True)

    assert [each.hex[30:42] for each in parts] == ["0500032A0301", "0500032A0302", "0500032A0303"]
    assert {each.hex[2:4] for each in parts} == {"71"}  # submit, relative validity, report, header


@pytest.mark.parametrize(
    ("seconds", "octet"),
    [(0, 0), (300, 0), (301, 1), (12 * 3600, 143), (86400, 167), (2 * 86400, 168), (7 * 86400, 173), (1e9, 255)],
)
def test_validity_is_rounded_up(seconds: float, octet: int) -> None:
    (made,) = build_submits("+79211234567", "a", 0, validity_s=seconds)

    assert int(made.hex[26:28], 16) == octet


def test_a_delivered_one() -> None:
    found = decode_incoming(HELLO)

    assert found == Deliver(
        "+31641600986", "How are you?", datetime(2002, 8, 26, 19, 37, 41, tzinfo=UTC).replace(tzinfo=UTC)
    )


def test_without_its_service_centre() -> None:
    tpdu = HELLO[16:]

    assert decode_incoming(tpdu, len(tpdu) // 2) == decode_incoming(HELLO, len(tpdu) // 2) == decode_incoming(HELLO)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(0x00, "delivered"), (0x1F, "delivered"), (0x20, "trying"), (0x3F, "trying"), (0x46, "failed")],
)
def test_a_status_report(status: int, outcome: str) -> None:
    found = decode_incoming(f"00062A0B919712214365F7{'00' * 14}{status:02X}")

    assert found == StatusReport(0x2A, "+79211234567", status)
    assert isinstance(found, StatusReport)
    assert found.outcome == outcome


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("050003010201", PartOf(1, 2, 1)),
        ("0608040102030 2".replace(" ", ""), PartOf(0x0102, 3, 2, is_wide=True)),
        ("0500030103 00".replace(" ", ""), None),  # the part with number 0
        ("050003010204", None),  # the fourth of two
        ("050003010101", None),  # one of one
        ("0305 0102".replace(" ", ""), None),  # ports, no parts
        ("0500030102", None),  # says three octets, has two
    ],
    ids=["8 bit", "16 bit", "zeroth", "beyond", "alone", "ports", "cut off"],
)
def test_headers(header: str, part: PartOf | None) -> None:
    octets = bytes.fromhex(header)
    octets = bytes((len(octets) - 1,)) + octets[1:]
    data = octets + "я".encode("utf-16-be")
    found = decode_incoming(f"00440B919712214365F70008{'62112000000021'}{len(data):02X}{data.hex()}")

    assert isinstance(found, Deliver)
    assert found.part == part
    assert found.text == "я"


@pytest.mark.parametrize(
    ("coding", "text"),
    [("00", "@A"), ("08", "\u0041"), ("04", "\0A"), ("F0", "@A"), ("F4", "\0A"), ("E8", "\u0041"), ("20", "\0A")],
)
def test_codings(coding: str, text: str) -> None:
    body = "0041" if coding in ("08", "04", "F4", "E8", "20") else "8020"
    found = decode_incoming(f"00040B919712214365F700{coding}6211200000002102{body}")

    assert isinstance(found, Deliver)
    assert found.text == text


@pytest.mark.parametrize(
    "when", ["FFFFFFFFFFFFFF", "62132000000021", "62112052000021"], ids=["F", "month 31", "hour 25"]
)
def test_a_time_that_is_none(when: str) -> None:
    found = decode_incoming(f"00040B919712214365F70008{when}020041")

    assert isinstance(found, Deliver)
    assert found.sent_at is None


@given(st.binary(max_size=200))
def test_octets_of_strangers_are_read_or_refused(octets: bytes) -> None:
    try:
        found = decode_incoming(octets.hex())
    except BadPdu:
        return
    assert isinstance(found, Deliver | StatusReport)


def test_surrogates_that_were_cut_apart_meet_again() -> None:
    assert join_texts(["a\ud83d", "\udea8b"]) == "a🚨b"
    assert join_texts(["a\ud83d"]) == "a\ufffd"
