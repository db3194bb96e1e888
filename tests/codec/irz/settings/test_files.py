"""Files of settings in all the forms in which they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.irz.settings.files import FILE_LIMIT, build_file, parse_file
from irzhub.codec.irz.settings.lines import SettingLine

DUMP = """AT$ATM_ALL?
^ATM_SOFT:1.4-022.351
^SIM_MAIN:1
^CLNT_SET1:1,0,0,1
^CLNT_IPP1:hub.example.ru,5009

OK
"""
PREPARED = """# Котельная 12
; комментарий
[Соединение]
AT$CLNT_SET1=1,0,0,1
at$clnt_ipp1=10.0.0.5,5009
AT$CLNT_IPP1=10.0.0.6,5009
AT$BOOT_END
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_prepared_file_in_any_encoding(encoding: str, end: str) -> None:
    found = parse_file(PREPARED.replace("\n", end).encode(encoding))
    assert found.errors == ()
    assert found.lines == (SettingLine("CLNT_SET1", "1,0,0,1"), SettingLine("CLNT_IPP1", "10.0.0.6,5009"))


def test_a_dump_tells_what_can_only_be_read_too() -> None:
    found = parse_file(DUMP.encode(), is_dump=True)
    assert found.errors == ()
    assert [line.name for line in found.lines] == ["ATM_SOFT", "SIM_MAIN", "CLNT_SET1", "CLNT_IPP1"]
    assert [line.name for line in found.to_send] == ["SIM_MAIN", "CLNT_SET1", "CLNT_IPP1"]
    assert [(each.number, each.message) for each in parse_file(DUMP.encode()).errors] == [
        (2, "ATM_SOFT: it can be read, not set")
    ]


def test_the_vendors_separators_are_taken() -> None:
    found = parse_file(b"AT$SIM_MAIN=1%%%OK^^^AT$WDT_INTV=24%%%OK^^^AT$BOOT_END%%%OK")
    assert [line.name for line in found.lines] == ["SIM_MAIN", "WDT_INTV"]


def test_wrong_lines_are_told_by_number_and_without_their_values() -> None:
    found = parse_file(b"AT$SIM_MAIN=1\nAT$IRZ_PWD=abc\nqwertyuiop\nAT$TOAST=1\nAT$WDT_INTV=1\n")
    assert [line.name for line in found.lines] == ["SIM_MAIN", "WDT_INTV"]
    assert [each.number for each in found.errors] == [2, 3, 4]
    told = " ".join(each.message for each in found.errors)
    assert "abc" not in told
    assert "qwerty" not in told


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"x" * (FILE_LIMIT + 1), "at most 262144 bytes"),
        (b"\n" * 2001, "at most 2000 lines"),
        (b"PK\x03\x04\x00\x00", "expected a text file"),
        (b"\xff\xfe\x00", "expected a text file"),
        (b"\x98", "expected a text file"),
    ],
)
def test_what_is_no_file_of_settings(data: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_file(data)


def test_what_is_written_can_be_read_again() -> None:
    lines = (SettingLine("SIM_MAIN", "2"), SettingLine("IRZ_PWD", "{{pwd}}"), SettingLine("SIM_PIN1", "9876"))
    text = build_file(lines, "Котельная 12\nx")
    assert text.startswith("# Котельная 12 x\r\n")
    assert "9876" not in text
    assert parse_file(text.encode()).lines[:2] == lines[:2]


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = parse_file(data)
    except ValueError:
        return
    assert len(found.errors) <= 100
    assert all(line.why_wrong() is None for line in found.lines)
