r"""Bad input as files: one line a case, `name | what comes of it | bytes`, with the reason as a comment above.

Bytes are written as words with spaces between: texts in quotes (UTF-8, with `\r \n \t \" \\ \xHH`), pairs of hex
digits, and names that a line `let NAME = words` gave before. `*N` behind a word repeats it. What comes of a case is in
the words of the test that replays it; docs/fuzzing.md tells which test that is.

Whatever a fuzzer found lies as it is in `<target>/regressions/`: such a case has no outcome, only the rule holds.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
_WORD: Final = re.compile(r'("(?:[^"\\]|\\.)*"|[A-Za-z0-9_]+)(?:\*([0-9]+))?(?=\s|$)', re.ASCII)
_LET: Final = re.compile(r"let\s+([A-Z_]+)\s*=\s*(.+)", re.ASCII)
_ESCAPE: Final = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|(.))")
_ESCAPES: Final = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b'"': b'"', b"\\": b"\\"}


@dataclass(frozen=True, slots=True)
class Case:
    """One input and what must come of it; `expected` is empty for what a fuzzer found."""

    name: str
    expected: str
    data: bytes

    def __str__(self) -> str:
        return self.name


def read_cases(target: str) -> list[Case]:
    """Return the hand-made cases of a target, then its regressions; every name is used once."""
    names: Mapping[str, bytes] = {}
    found = [case for file in sorted((FOLDER / target).glob("*.txt")) for case in _of_file(file, dict(names))]
    assert len({case.name for case in found}) == len(found), f"{target}: a name is used twice"
    return found + read_regressions(target)


def read_regressions(target: str) -> list[Case]:
    """Return what a fuzzer found in a target, as it was found."""
    files = sorted((FOLDER / target / "regressions").glob("*-*"))  # crash-..., timeout-...
    return [Case(file.name, "", file.read_bytes()) for file in files]


def _of_file(file: Path, names: dict[str, bytes]) -> Iterator[Case]:
    for number, line in enumerate(file.read_text().splitlines(), 1):
        where = f"{file.parent.name}/{file.name}:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        if (named := _LET.fullmatch(line)) is not None:
            names[named[1]] = _bytes_of(named[2], names, where)
            continue
        name, expected, words = (part.strip() for part in line.split("|", 2))
        yield Case(f"{file.stem}: {name}", expected, _bytes_of(words, names, where))


def _bytes_of(words: str, names: Mapping[str, bytes], where: str) -> bytes:
    data, at = b"", 0
    while at < len(words):
        if (word := _WORD.match(words, at)) is None:
            raise ValueError(f"{where}: expected text in quotes, hex or a name, got {words[at : at + 20]!r}")
        data += _bytes_of_word(word[1], names, where) * int(word[2] or 1)
        at = word.end() + len(words[word.end() :]) - len(words[word.end() :].lstrip())
    return data


def _bytes_of_word(word: str, names: Mapping[str, bytes], where: str) -> bytes:
    if word.startswith('"'):
        return _ESCAPE.sub(_escaped, word[1:-1].encode())
    if word in names:
        return names[word]
    try:
        return bytes.fromhex(word)
    except ValueError:
        raise ValueError(f"{where}: expected pairs of hex digits or a name given before, got {word!r}") from None


def _escaped(match: re.Match[bytes]) -> bytes:
    return bytes.fromhex(match[1].decode()) if match[1] else _ESCAPES[match[2]]
