"""The page about the protocol and the codec say the same."""

import re
from pathlib import Path

from irzhub.codec.irz.frames import Frame, build_frame
from tests.codec.irz.test_frames import VECTORS
from tests.codec.ways import pieces_of, whole

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "protocol.md").read_text()
VECTOR_PART = PAGE[PAGE.index("## 7. ") :]


def test_every_vector_of_the_page_is_one_frame() -> None:
    found = re.findall(r"C8CACBCCCD[0-9A-F]+0D0A\b", VECTOR_PART)
    assert len(found) >= 19

    for text in found:
        (frame,) = pieces_of(whole(bytes.fromhex(text)))
        assert isinstance(frame, Frame)
        assert frame.declared is not None or build_frame(frame.kind, frame.payload).hex().upper() == text


def test_every_vector_of_the_tests_is_on_the_page() -> None:
    missing = [name for name, (text, _) in VECTORS.items() if text not in VECTOR_PART]

    assert missing == []


def test_sections_that_are_cited_exist() -> None:
    sections = set(re.findall(r"^#{2,3} ([0-9]+(?:\.[0-9]+)?)", PAGE, re.MULTILINE))
    cited = {
        number
        for path in (ROOT / "irzhub").rglob("*.py")
        for number in re.findall(r"docs/protocol\.md`? ([0-9]+(?:\.[0-9]+)?)", path.read_text())
    }

    assert {"1.2", "1.4", "1.5", "1.7"} <= cited <= sections
