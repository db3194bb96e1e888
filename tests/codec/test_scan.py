import pytest

from irzhub.codec.scan import held_at_end


@pytest.mark.parametrize(
    ("buffer", "pattern", "held"),
    [
        (b"", b"abc", 0),
        (b"a", b"abc", 1),
        (b"xxab", b"abc", 2),
        (b"abc", b"abc", 0),
        (b"abca", b"abc", 1),
        (b"xb", b"abc", 0),
        (b"aa", b"aab", 2),
        (b"aaa", b"aab", 2),
        (b"aba", b"abab", 3),
        (b"x", b"x", 0),
        (b"x", b"", 0),
    ],
)
def test_held_at_end(buffer: bytes, pattern: bytes, held: int) -> None:
    assert held_at_end(buffer, pattern) == held
