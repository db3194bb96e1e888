"""Files of settings: what the vendor's programs and terminals leave behind, and what this hub writes.

A dump of `AT$ATM_ALL?` has lines `^NAME:value`, a prepared file has AT commands. Both may come in UTF-8, UTF-16
with its mark or Windows-1251, with comments, with empty lines, and with what a terminal shows besides (`OK`, the
question itself). Wrong lines are told by number; the others still count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from irzhub.codec.irz.settings.lines import SettingLine, parse_line

FILE_LIMIT: Final = 256 * 1024
LINES_LIMIT: Final = 2000
ERRORS_LIMIT: Final = 100

_COMMENTS: Final = ("#", ";", "//", "[")
_CHATTER: Final = frozenset({"OK", "ERROR", "AT", "AT$ATM_ALL?", "AT$BOOT_SET", "AT$BOOT_END"})
"""What is no setting but stands in such files; the hub says the last two itself where they are due."""


@dataclass(frozen=True, slots=True)
class LineError:
    """A line that could not be taken, by its number from 1; the message never repeats a value."""

    number: int
    message: str


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """What a file gave: settings in its order, of a doubled one the last; and what was wrong with it."""

    lines: tuple[SettingLine, ...]
    errors: tuple[LineError, ...]

    @property
    def to_send(self) -> tuple[SettingLine, ...]:
        """The settings that can be sent; answers such as the firmware's version are left out."""
        return tuple(line for line in self.lines if line.setting is None or line.why_wrong() is None)


def parse_file(data: bytes, *, may_be_unknown: bool = False, is_dump: bool = False) -> SettingsFile:
    """Read a file of settings.

    Args:
        data: the bytes of the file.
        may_be_unknown: settings that the catalogue does not have are taken too.
        is_dump: it tells what a modem has; what can only be read is no error then.

    Raises:
        ValueError: it is too large, or no text.
    """
    if len(data) > FILE_LIMIT:
        raise ValueError(f"expected a file of at most {FILE_LIMIT} bytes, got {len(data)}")
    rows = _decoded(data).replace("^^^", "\n").splitlines()
    if len(rows) > LINES_LIMIT:
        raise ValueError(f"expected at most {LINES_LIMIT} lines, got {len(rows)}")
    lines: dict[str, SettingLine] = {}
    errors: list[LineError] = []
    for number, row in enumerate(rows, 1):
        try:
            line = _read_row(row)
        except ValueError as error:
            errors.append(LineError(number, str(error)))
            continue
        if line is None:
            continue
        if (wrong := _why_not(line, may_be_unknown, is_dump)) is not None:
            errors.append(LineError(number, wrong))
            continue
        lines.pop(line.name, None)
        lines[line.name] = line
    return SettingsFile(tuple(lines.values()), tuple(errors[:ERRORS_LIMIT]))


def build_file(lines: Iterable[SettingLine], heading: str) -> str:
    """Return settings as a file of AT commands; what is secret stays a placeholder or is hidden."""
    title = " ".join(heading.split())
    return "".join(f"{row}\r\n" for row in (f"# {title}", *(line.shown for line in lines)))


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in data:
        raise ValueError("expected a text file, got bytes of zero")
    else:
        encodings = ("utf-8-sig", "cp1251")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("expected a text file in UTF-8 or Windows-1251")


def _read_row(row: str) -> SettingLine | None:
    row = row.strip()
    if not row or row.startswith(_COMMENTS) or row.upper().removesuffix("%%%OK") in _CHATTER:
        return None
    return parse_line(row)


def _why_not(line: SettingLine, may_be_unknown: bool, is_dump: bool) -> str | None:
    if is_dump:
        return None if may_be_unknown or line.setting is not None else f"{line.name}: no such setting is known"
    return line.why_wrong(may_be_unknown=may_be_unknown)
