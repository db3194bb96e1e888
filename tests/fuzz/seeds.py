"""Where a fuzzer begins: the corpora, the tables of the tests, and whatever real bytes there are."""

import functools
import json
import re
from collections.abc import Iterable
from typing import Final

from irzhub.automation.notification import TEXTS
from irzhub.codec.irz.frames import build_frame
from irzhub.storage.dump_file import FORMAT
from irzhub.storage.dump_rows import SECTIONS
from tests.cli.captures import ETHERNET, Sent, enhanced, interface, ip, packet, pcap, section
from tests.codec.irz import test_frames, test_hello
from tests.conftest import ROOT
from tests.corpora import read_cases
from tests.fuzz.targets import PART_END, TOPIC_END
from tests.mqtt.test_commands import HOSTILE

_COMMAND_TOPIC: Final = b"irzhub/modem/868441036775234/command"


@functools.cache
def seeds_of(target: str) -> list[bytes]:
    """Return inputs of a target that are worth changing; each differs from the others."""
    makers = {
        "hello": _hellos,
        "frames": _streams,
        "connection": lambda: [bytes((kind, 5)) + data for kind in range(4) for data in (*_hellos(), *_streams())],
        "config": _configs,
        "automations": _automations,
        "template": _templates,
        "mqtt": lambda: [*_cases("mqtt"), *(_COMMAND_TOPIC + TOPIC_END + payload for _, payload in HOSTILE)],
        "json": lambda: [payload for _, payload in HOSTILE],
        "backup": _backups,
        "decode": _sources,
        "at": _at_lines,
        "sms": _pdus,
    }
    return list(dict.fromkeys(data for data in makers[target]() if len(data) <= 8192))


def _cases(target: str) -> list[bytes]:
    return [case.data for case in read_cases(target)]


def _hellos() -> Iterable[bytes]:
    yield from (test_hello.ATM21, test_hello.EMULATOR, *test_hello.FOREIGN.values())
    yield from (data for data, _ in test_hello.ENDS.values())
    yield from _cases("hello")


def _streams() -> Iterable[bytes]:
    yield from (bytes.fromhex(text) for text, _ in test_frames.VECTORS.values())
    yield from (data for data, _ in test_frames.RESYNC.values())
    yield from (data for data, _, _ in test_frames.UNFINISHED.values())
    yield from (build_frame(1, payload) for payload in test_frames.PAYLOADS.values())
    yield from _cases("frames")


def _configs() -> Iterable[bytes]:
    yield (ROOT / "config" / "irzhub.yaml").read_bytes()
    yield from _cases("config")


def _automations() -> Iterable[bytes]:
    yield (ROOT / "config" / "automations.yaml").read_bytes()
    yield from _cases("automations")


def _templates() -> Iterable[bytes]:
    yield from (line.encode() for texts in TEXTS.values() for line in texts.values())
    yield from (found for data in _automations() for found in re.findall(rb"\{[{%].*[}%]\}", data))


def _backups() -> Iterable[bytes]:
    about = {"version": "0.1.0", "created_at": "2026-09-22T12:00:00.000Z", "hub": "main", "last_seq": 7}
    manifest = {"format": FORMAT, **about, "schema": {"local": "0001", "history": "0001"}, "parts": {}}
    rows = [json.dumps({column.name: _value(column.name) for column in each.columns}) for each in SECTIONS.values()]
    yield b"\x01" + json.dumps(manifest).encode()
    yield b"\x01" + PART_END.join([json.dumps(manifest).encode(), *(row.encode() + b"\n" for row in rows)])
    yield b"\x01{}" + PART_END + b'{"a":1}\n'
    yield b"PK\x05\x06" + bytes(18)


def _value(column: str) -> object:
    return "2026-09-22T12:00:00.000Z" if column.endswith("_at") or column == "ts" else 1


AT_LINES = (
    "\r\n+CSQ: 21,0\r\n\r\nOK\r\n",
    "\r\n> ",
    "\r\n>\r\n\r\n+CMGS: 7\r\n\r\nOK\r\n",
    '\r\nRING\r\n\r\n+CLIP: "+79211234567",145\r\n',
    "\r\n+CMGL: 1,0,,24\r\n0791971901000010040B919712214365F70008\r\n\r\nOK\r\n",
    "\r\n+CDS: 25\r\n0006070B919712214365F7\r\n",
    "\r\n+CMS ERROR: 500\r\n",
    "AT+CSQ\r\r\n+CME ERROR: 10\r\nNO CARRIER\r\n",
)
"""What a GSM modem says; the digit before it chooses what it was asked."""


def _at_lines() -> Iterable[bytes]:
    yield from (f"{first}{line}".encode() for first in "0123" for line in AT_LINES)


def _pdus() -> Iterable[bytes]:
    yield from (case.data for case in read_cases("sms") if case.name.startswith("incoming: "))


def _sources() -> Iterable[bytes]:
    yield from (file.read_bytes() for file in sorted((ROOT / "tests" / "captures").glob("*.hex")))
    yield b"12:00:01.5 < C8 CA CB\n12:00:01.6 < CC CD 02 00 00 0D 0A\n12:00:02 > 01\n"
    yield b"00000000: c8ca cbcc cd01 0005  ........\n00000008: 0108 0027 c00d 0a  ...'...\n"
    talk = packet(ETHERNET, ip(Sent(("10.0.0.7", 4711), ("10.0.0.1", 5009), 1, b"AT$IMEI=868441036775234,\n")))
    yield pcap([talk, talk])
    yield section() + interface(ETHERNET) + enhanced(0, talk)
    yield from _streams()
