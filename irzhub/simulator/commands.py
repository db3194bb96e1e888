"""What a modem answers to a command frame (docs/protocol.md 1.7)."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from irzhub.simulator.options import ModemOptions
from irzhub.simulator.pins import Pins
from irzhub.simulator.wire import COMMAND, HubFault, build_frame

_SET_OUTPUT: Final = re.compile(rb"\$gp([1-8])=([01])\r")
_USSD: Final = re.compile(rb"\$ussd=[0-9]([*#0-9]{2,24})\r")

Deed = Literal["none", "reconnect", "standby", "change_sim", "reboot"]
Misdeed = Literal["refuse", "silence", "cut_before", "cut_after", "cut_amid"]
"""Answers ERROR; does it and says nothing; the link breaks before it is done, after it, or amid the answer."""


@dataclass(frozen=True, slots=True)
class CommandMishap:
    """What goes wrong with the next command whose body begins with `begins`, such as `$gp`."""

    begins: bytes
    misdeed: Misdeed


@dataclass(frozen=True, slots=True)
class Reply:
    """The frame that goes back, None for no answer, and what the modem does after it.

    `tells_pins` says that the hub knows the pins from now on.
    """

    frame: bytes | None
    deed: Deed = "none"
    tells_pins: bool = False


def pin_report(pins: Pins, options: ModemOptions, is_quirky: bool = False) -> bytes:
    """Return all pins as one frame, the same for an answer and for an unasked report.

    A quirky one carries five bytes and declares four.
    """
    if is_quirky:
        return build_frame(COMMAND, b"\x01\x40\x02" + pins.encode(5), declared=7)
    return build_frame(COMMAND, b"\x01\x40\x02" + pins.encode(options.pin_count))


def answer_command(payload: bytes, pins: Pins, options: ModemOptions) -> Reply:
    """Return the reply to the payload of a command frame; sets the output that the command names.

    The first byte is ignored as the emulator does.

    Raises:
        HubFault: not a command at all.
    """
    body = payload[1:]
    if body.startswith(b"\x40") and len(body) == 2:
        return _binary(body[1], pins, options)
    if body.startswith(b"$") and body.endswith(b"\r"):
        return _text(body, pins, options)
    raise HubFault(f"expected a command XX 40 CC or XX $text CR, got {payload[:40].hex(' ')}")


def _binary(code: int, pins: Pins, options: ModemOptions) -> Reply:
    if code in options.silent_commands:
        return Reply(None)
    if code == 0x02:
        return Reply(pin_report(pins, options, options.length_quirk and not pins.has_changed), tells_pins=True)
    values = {
        0x01: bytes((options.csq,)),
        0x03: b"\x3f",
        0x04: options.lbs.encode(),
        0x05: bytes((options.temperature_c + 100,)),
        0x0B: options.iccid.encode(),
    }
    if (value := values.get(code)) is None:
        return Reply(None)
    return Reply(build_frame(COMMAND, bytes((0x01, 0x40, code)) + value))


def _text(command: bytes, pins: Pins, options: ModemOptions) -> Reply:
    if (found := _SET_OUTPUT.fullmatch(command)) is not None:
        pin = int(found[1])
        if pin > 4 or not pins.is_output(pin):
            return Reply(_said(b"ERROR"))
        pins.set(pin, found[2] == b"1")
        return Reply(_said(b"OK"))
    if _USSD.fullmatch(command) is not None:
        return Reply(_said(_network_text(options.ussd)))
    if command.startswith(b"$sim"):
        return Reply(_said(b"OK"), "change_sim")
    if command.startswith(b"$reboot"):
        return Reply(None, "reboot")
    if command.startswith(b"$wait"):
        return Reply(_said(b"OK"), "standby")
    if command.startswith((b"$dcd", b"$dsr", b"$cts", b"$ri", b"$ipr", b"$del")):
        return Reply(_said(b"OK"))
    return Reply(_said(b"ERROR"))


def refusal() -> bytes:
    """Return the frame by which a modem refuses a command."""
    return _said(b"ERROR")


def _network_text(text: str) -> bytes:
    """Return what the network says: ASCII as it is, other letters as UCS-2 big-endian in hex."""
    return text.encode() if text.isascii() else text.encode("utf-16-be").hex().upper().encode()


def _said(text: bytes) -> bytes:
    return build_frame(COMMAND, b"\x01" + text)
