"""What the hub can ask of an iRZ modem, as payloads of command frames (`docs/protocol.md` 1.7).

Names and arguments are those of `docs/contract.md` 3. Two forms exist on the wire: questions `00 40 CC`, and
text commands, whose payload is presumed to be `00` and the text with its CR.

The forms of text commands are templates (`irzhub.codec.irz.templates`), to be changed without touching code once
a real modem has shown better. A command whose form is only guessed is refused until somebody turns it on.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from irzhub.codec.errors import LocalProtocolError
from irzhub.codec.irz.templates import KNOWN

#: What stands in front of every request; other values get the same answer from the vendor's emulator.
REQUEST: Final = b"\x00"
#: What marks a question among the payloads, behind the first byte.
QUESTION: Final = 0x40

CSQ: Final = 0x01
PINS: Final = 0x02
CELL: Final = 0x04
TEMPERATURE: Final = 0x05
ICCID: Final = 0x0B

#: Questions by name. 0x03 has no name of its own: its meaning is not known, `raw` can ask it.
QUESTIONS: Final[Mapping[str, int]] = MappingProxyType(
    {"signal": CSQ, "pins": PINS, "cell": CELL, "temperature": TEMPERATURE, "iccid": ICCID}
)

#: Text commands by name; `{output}`, `{on}`, `{code}` and others are filled in. None: its form is a guess and is off.
TEMPLATES: Final[Mapping[str, str | None]] = MappingProxyType(
    {key: template.text if template.is_enabled else None for key, template in KNOWN.items()}
)

#: Speeds that the port of a modem can have, in baud.
BAUDS: Final = (600, 1200, 2400, 4800, 9600, 14400, 19200, 28800, 38400, 56000, 57600, 115200)

#: The vendor's own queue holds commands of 300 bytes.
RAW_LIMIT: Final = 300

_USSD_CODE: Final = re.compile(r"[*#0-9]{2,24}", re.ASCII)
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+", re.ASCII)
_TEXT: Final = re.compile(r"[ -~]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it goes to the modem.

    Args:
        name: as in `docs/contract.md` 3. payload: what the frame carries.
        question: the code of a question, by which its answer is known; None for a text command.
    """

    name: str
    payload: bytes
    question: int | None = None


def build_command(name: str, args: Mapping[str, Any], templates: Mapping[str, str | None] = TEMPLATES) -> Command:
    """Return a command ready to be framed.

    Raises:
        LocalProtocolError: no such command, arguments that it does not take, or no known form on the wire.
    """
    if (question := QUESTIONS.get(name)) is not None:
        _take(name, args)
        return Command(name, bytes((0x00, QUESTION, question)), question)
    if (build := _BUILDERS.get(name)) is None:
        known = ", ".join(sorted({*QUESTIONS, *_BUILDERS}))
        raise LocalProtocolError(f"expected one of the commands {known}; got {name[:40]!r}")
    return build(name, args, templates)


def _take(name: str, args: Mapping[str, Any], *wanted: str) -> list[Any]:
    """Return the arguments in the order of `wanted`; there may be no other and none missing."""
    if set(args) != set(wanted):
        expected, got = ", ".join(wanted) or "none", ", ".join(sorted(map(_shown, args)))[:80] or "none"
        raise LocalProtocolError(f"{name}: expected the arguments {expected}; got {got}")
    return [args[key] for key in wanted]


def _shown(key: object) -> str:
    return key if isinstance(key, str) and key.isidentifier() else repr(key)


def _text_command(name: str, text: str) -> Command:
    return Command(name, REQUEST + text.encode("ascii") + b"\r")


def _filled(name: str, templates: Mapping[str, str | None], key: str, **values: object) -> Command:
    if (template := templates.get(key)) is None:
        raise LocalProtocolError(
            f"{name}: its form over TCP is not confirmed by the vendor, so the template {key} is off "
            "(docs/commands.md): turn it on, or use raw"
        )
    return _text_command(name, template.format(**values))


def _output_of(name: str, value: Any) -> int:
    # bool is an int in Python; `true` is no number of an output.
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 8:
        raise LocalProtocolError(f"{name}: expected output 1..8, got {value!r:.40}")
    return value


def _set_output(name: str, args: Mapping[str, Any], templates: Mapping[str, str | None]) -> Command:
    output, on = _take(name, args, "output", "on")
    number = _output_of(name, output)
    if not isinstance(on, bool):
        raise LocalProtocolError(f"{name}: expected on to be true or false, got {on!r:.40}")
    key = name if number <= 4 else f"{name}_{number}"
    return _filled(name, templates, key, output=number, on=int(on))


def _pulse(name: str, args: Mapping[str, Any], templates: Mapping[str, str | None]) -> Command:
    number = _output_of(name, _take(name, args, "output")[0])
    return _filled(name, templates, name, output=number, on=1)


def _ussd(name: str, args: Mapping[str, Any], templates: Mapping[str, str | None]) -> Command:
    (code,) = _take(name, args, "code")
    if not isinstance(code, str) or not _USSD_CODE.fullmatch(code):
        raise LocalProtocolError(f"{name}: expected a code of 2..24 digits, * and #; got {code!r:.40}")
    return _filled(name, templates, name, code=code)


def _port_speed(name: str, args: Mapping[str, Any], templates: Mapping[str, str | None]) -> Command:
    (baud,) = _take(name, args, "baud")
    if not isinstance(baud, int) or isinstance(baud, bool) or baud not in BAUDS:
        raise LocalProtocolError(f"{name}: expected baud to be one of {BAUDS}, got {baud!r:.40}")
    return _filled(name, templates, name, baud=baud)


def _reset_counter(name: str, args: Mapping[str, Any], templates: Mapping[str, str | None]) -> Command:
    (counter,) = _take(name, args, "counter")
    if not isinstance(counter, int) or isinstance(counter, bool) or not 1 <= counter <= 3:
        raise LocalProtocolError(f"{name}: expected counter 1..3, got {counter!r:.40}")
    return _filled(name, templates, name, counter=counter)


def _plain(name: str, args: Mapping[str, Any], templates: Mapping[str, str | None]) -> Command:
    _take(name, args)
    return _filled(name, templates, name)


def _raw(name: str, args: Mapping[str, Any], _templates: Mapping[str, str | None]) -> Command:
    """A payload in hex goes as it is; a text gets the first byte and the CR of text commands."""
    if "text" in args:
        (text,) = _take(name, args, "text")
        if not isinstance(text, str) or len(text) > RAW_LIMIT or not _TEXT.fullmatch(text.removesuffix("\r")):
            raise LocalProtocolError(f"{name}: expected 1..{RAW_LIMIT} printable ASCII characters, got {text!r:.40}")
        return _text_command(name, text.removesuffix("\r"))
    (text,) = _take(name, args, "hex")
    digits = "".join(text.split()) if isinstance(text, str) else ""
    if len(digits) > 2 * RAW_LIMIT or not _HEX.fullmatch(digits):
        raise LocalProtocolError(f"{name}: expected 1..{RAW_LIMIT} bytes in hex, got {text!r:.40}")
    payload = bytes.fromhex(digits)
    is_question = len(payload) >= 3 and payload[1] == QUESTION
    return Command(name, payload, payload[2] if is_question else None)


def template_key(name: str, args: Mapping[str, Any]) -> str | None:
    """Return the key of the template that a command with good arguments goes by; None for questions and `raw`."""
    output = args.get("output")
    key = f"{name}_{output}" if name == "set_output" and isinstance(output, int) and output > 4 else name
    return key if key in KNOWN else None


_Build = Callable[[str, Mapping[str, Any], Mapping[str, str | None]], Command]
_BUILDERS: Final[Mapping[str, _Build]] = MappingProxyType(
    {
        "set_output": _set_output,
        "pulse": _pulse,
        "ussd": _ussd,
        "change_sim": _plain,
        "standby": _plain,
        "port_speed": _port_speed,
        "reset_counter": _reset_counter,
        "reboot": _plain,
        "raw": _raw,
    }
)

#: Every command by name.
NAMES: Final = (*QUESTIONS, *_BUILDERS)

#: Commands that may be carried out twice without harm: what they ask for is a state, or only an answer.
REPEATABLE: Final = frozenset({*QUESTIONS, "set_output", "port_speed"})
