"""The four bytes before a line, in every form that can be set."""

import pytest

from irzhub.codec.irz.line_prefix import build_prefix, check_prefix, room_for


@pytest.mark.parametrize(
    ("pattern", "number", "prefix"),
    [
        ("%04d", 1, b"0001"),
        ("%04d", 9999, b"9999"),
        ("%d%%%", 1, b"1%%%"),
        ("%d%%%", 12, b"12%%"),
        ("%d%%%", 9999, b"9999"),
        ("L%03d", 7, b"L007"),
        ("0000", 12, b"0000"),
        ("    ", 1, b"    "),
    ],
)
def test_a_prefix_is_four_bytes(pattern: str, number: int, prefix: bytes) -> None:
    assert build_prefix(check_prefix(pattern), number) == prefix


@pytest.mark.parametrize("pattern", ["", "%03d", "%05d", "%d", "%d%%%%", "%d%d--", "ЖЖЖЖ", "\r\n--", "%04d" * 3 + "x"])
def test_what_is_no_four_bytes_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        check_prefix(pattern)


@pytest.mark.parametrize(("pattern", "most"), [("%04d", 9999), ("L%03d", 999), ("ab%02d", 99), ("0000", 9999)])
def test_a_number_is_never_cut(pattern: str, most: int) -> None:
    assert room_for(pattern) == most
    build_prefix(pattern, most)
    if most < 9999:
        with pytest.raises(ValueError, match="no room"):
            build_prefix(pattern, most + 1)
