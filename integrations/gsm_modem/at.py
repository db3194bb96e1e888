"""AT commands without I/O: bytes in, events out; one command at a time, unsolicited lines told apart (3GPP TS 27.007).

Everything is read line by line, and SMS travel as hex, so no text of a stranger can look like a result code.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

LONGEST_LINE: Final = 2048
MOST_LINES: Final = 600
"""Lines of one answer that are kept: a SIM holds up to 255 SMS, two lines each."""
CTRL_Z: Final = b"\x1a"
ESCAPE: Final = b"\x1b"

_ERROR: Final = re.compile(r"\+(CME|CMS) ERROR: ?(.{0,80})", re.ASCII)
_CALL_ENDS: Final = frozenset({"NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE"})
_UNASKED: Final = ("RING", "+CRING:", "+CLIP:", "+CMTI:", "+CDSI:", "+CUSD:", "+CREG:", "+CPIN:")
_WITH_PDU: Final = ("+CMT:", "+CDS:")
_PDU: Final = re.compile(r"[0-9A-Fa-f]{10,800}", re.ASCII)
_COMMAND: Final = re.compile(r"[\x20-\x7e]{1,200}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Result:
    """The end of a command: its information lines, and `OK`, or what went wrong.

    Args:
        code: the number behind `+CME ERROR` or `+CMS ERROR`, None where there is none.
    """

    word: Literal["OK", "ERROR", "CME", "CMS", "CALL"]
    lines: tuple[str, ...] = ()
    code: int | None = None
    text: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the modem did it."""
        return self.word == "OK"


@dataclass(frozen=True, slots=True)
class Urc:
    """What the modem says unasked: `name` such as `RING` or `+CMTI`, what stands behind it, and its PDU if any."""

    name: str
    text: str = ""
    pdu: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The modem waits for the text of an SMS."""


AtEvent: TypeAlias = Result | Urc | Prompt


class AtEngine:
    """Reads what one modem says; `noise` counts bytes and lines that nobody could read."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._command: str | None = None
        self._prefix = ""
        self._is_prompt_due = False
        self._lines: list[str] = []
        self._pdu_of: str | None = None
        self.noise = 0

    @property
    def is_busy(self) -> bool:
        """Whether a command waits for its result."""
        return self._command is not None

    def begin(self, command: str, prefix: str = "", *, prompt: bool = False) -> bytes:
        """Begin a command; return its bytes.

        Args:
            command: without the line end; ASCII without control characters.
            prefix: with what its information lines begin; empty: any line may be one.
            prompt: the modem will ask for a text.

        Raises:
            ValueError: it holds a control character, or another command has no result yet.
        """
        if _COMMAND.fullmatch(command) is None:
            raise ValueError(f"expected printable ASCII as a command, got {command!r}")
        if self._command is not None:
            raise ValueError(f"{self._command} has no result yet")
        self._command, self._prefix, self._is_prompt_due, self._lines = command, prefix, prompt, []
        return command.encode("ascii") + b"\r"

    def abandon(self) -> None:
        """Wait no longer for a result; one that still comes is noise."""
        self._command, self._is_prompt_due, self._lines = None, False, []

    def receive(self, data: bytes) -> list[AtEvent]:
        """Take bytes; return what they say, in order."""
        found: list[AtEvent] = []
        self._buffer += data
        while (end := self._line_end()) >= 0:
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            found += self._line(line)
        if self._is_prompt_due and self._buffer.lstrip(b"\0 ").startswith(b">"):
            del self._buffer[: self._buffer.index(b">") + 1]
            self._is_prompt_due = False
            found.append(Prompt())
        return found

    def _line_end(self) -> int:
        """Return where the next line ends, -1 while it does not; what is too long for a line is thrown away."""
        ends = [place for place in (self._buffer.find(b"\r"), self._buffer.find(b"\n")) if place >= 0]
        end = min(ends, default=-1)
        length = len(self._buffer) if end < 0 else end
        thrown = length - length % (LONGEST_LINE + 1)
        self.noise += thrown
        del self._buffer[:thrown]
        return end if end < 0 else end - thrown

    def _line(self, raw: bytes) -> list[AtEvent]:
        line = raw.replace(b"\0", b"").decode("ascii", "replace").strip()
        if not line:
            return []
        if self._is_prompt_due and line.startswith(">"):  # some send a line end behind it
            self._is_prompt_due = False
            return [Prompt(), *self._line(line[1:].encode("ascii", "replace"))]
        if self._pdu_of is not None:
            name, text = self._pdu_of.split(":", 1)
            self._pdu_of = None
            if _PDU.fullmatch(line):
                return [Urc(name, text.strip(), line)]
        if line.startswith(_WITH_PDU):
            self._pdu_of = line
            return []
        if line.startswith(_UNASKED) and not self._is_answer(line):
            name, _, text = line.partition(":")
            return [Urc(name, text.strip())]
        if line == self._command:
            return []  # its echo
        return self._result(line)

    def _is_answer(self, line: str) -> bool:
        """Whether a line that may come unasked is what the present command asked for."""
        if not self._prefix or not line.startswith(self._prefix):
            return False
        # `+CREG: 0,1` answers, `+CREG: 1` comes by itself.
        return self._prefix != "+CREG:" or line.count(",") >= 1

    def _result(self, line: str) -> list[AtEvent]:
        if line in _CALL_ENDS and not (self._command or "").startswith("ATD"):
            return [Urc(line)]
        if self._command is None:
            self.noise += 1
            return []
        word: Literal["OK", "ERROR", "CME", "CMS", "CALL"]
        code, text = None, ""
        if line == "OK":
            word = "OK"
        elif (found := _ERROR.fullmatch(line)) is not None:
            word = "CME" if found[1] == "CME" else "CMS"
            text = found[2].strip()
            code = int(text) if re.fullmatch(r"[0-9]{1,4}", text, re.ASCII) else None
        elif line in _CALL_ENDS:
            word, text = "CALL", line
        elif line in ("ERROR", "COMMAND NOT SUPPORT", "ABORTED"):
            word = "ERROR"
        else:
            self._keep(line)
            return []
        result = Result(word, tuple(self._lines), code, text)
        self.abandon()
        return [result]

    def _keep(self, line: str) -> None:
        # Behind a line with its prefix a PDU may follow, as in the answers of +CMGL and +CMGR.
        is_own = line.startswith(self._prefix) or (bool(self._lines) and _PDU.fullmatch(line) is not None)
        if is_own and len(self._lines) < MOST_LINES:
            self._lines.append(line)
        else:
            self.noise += 1


def fields_of(text: str) -> list[str]:
    """Return the comma-separated fields of an information line, quotes removed, commas inside quotes kept."""
    return [field.strip().strip('"') for field in re.findall(r'"[^"]*"|[^,]+|(?<=,)(?=,|$)', text)]
