"""Hostile input costs no more than its size: four times the bytes take about four times as long, never sixteen.

Each input here is built so that a reader which looks at the same bytes again and again would show it.
"""

import contextlib
import gc
import struct
import time
from collections.abc import Callable, Iterator

import pytest

from irzhub.cli.decode import decode_lines
from irzhub.cli.pcap import read_turns
from irzhub.codec.driver import Hello
from irzhub.codec.errors import RemoteProtocolError
from irzhub.codec.hexdump import parse_hex
from irzhub.codec.irz.connection import IrzConnection
from irzhub.codec.irz.frames import KEEPALIVE, PREFIX, FrameDecoder, build_frame
from irzhub.codec.irz.hello import IrzHelloReader
from irzhub.codec.raw.connection import RawConnection
from irzhub.config.yaml_file import Unreadable, read_yaml
from irzhub.mqtt.payloads import PayloadError, decode_object
from irzhub.relay.settings import SharingSettings
from irzhub.web.strict_json import BadJson, parse_json
from tests.relay.line_playbook import Stage

_TIMES = 4
_ALLOWED = 9.0
"""Four times the input; sixteen would be quadratic, and measuring is coarse."""
_NOT_WORTH_S = 0.02

UNITS = {
    "keepalives": KEEPALIVE,
    "beginnings of a hello": b"AT$IMEI=",
    "half hellos": b"AT$IMEI=8684",
    "hellos": b"AT$IMEI=868441036775234,\n",
    "hellos without an end": b"AT$IMEI=868441036775234,",
    "keepalives and half marks": KEEPALIVE + b"$IMEI=",
    "marks of no hello": b"x$IMEI=",
    "prefixes": PREFIX,
    "prefixes that wait for 4096 bytes": PREFIX + b"\x01\x10\x00",
    "prefixes that wait for nothing": PREFIX + b"\x01\x00\x00xxxxxxxxx",
    "frames": build_frame(1, b"x"),
    "frames and hellos": build_frame(1, b"x") + b"AT$IMEI=868441036775234,COLPROT=1.3,\n",
    "line ends": b"\r\n",
    "commas": b",",
}


def filled(unit: bytes, size: int) -> bytes:
    return (unit * (size // len(unit) + 1))[:size]


def cost_s(work: Callable[[], object]) -> float:
    """Return the processor time of the quickest of three runs, in seconds."""
    took = []
    gc.disable()  # how long it takes depends on what else there is
    try:
        for _ in range(3):
            began = time.thread_time()
            with contextlib.suppress(RemoteProtocolError, Unreadable, PayloadError, BadJson, ValueError):
                work()
            took.append(time.thread_time() - began)
            if took[-1] > 1:
                break
    finally:
        gc.enable()
    return min(took)


def check_growth(make: Callable[[int], Callable[[], object]], size: int) -> None:
    small, large = cost_s(make(size)), cost_s(make(size * _TIMES))
    assert large < max(_ALLOWED * small, _NOT_WORTH_S), f"{size}: {small:.4f} s, {_TIMES * size}: {large:.4f} s"


def connection(*, encapsulated: bool) -> IrzConnection:
    return IrzConnection(
        Hello(driver="irz", modem="868441036775234", imei="868441036775234", encapsulated=encapsulated)
    )


@pytest.mark.parametrize("encapsulated", [False, True], ids=["raw", "framed"])
@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_one_read_of_a_session(unit: bytes, *, encapsulated: bool) -> None:
    def make(size: int) -> Callable[[], object]:
        data = filled(unit, size)
        return lambda: connection(encapsulated=encapsulated).receive_data(data)

    check_growth(make, 32 * 1024)


def test_keepalives_before_marks_of_no_hello() -> None:
    def make(size: int) -> Callable[[], object]:
        data = filled(KEEPALIVE, size // 2) + filled(b"x$IMEI=", size // 2)
        return lambda: connection(encapsulated=False).receive_data(data)

    check_growth(make, 32 * 1024)


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_frame_decoder(unit: bytes) -> None:
    def decode(data: bytes) -> None:
        decoder = FrameDecoder()
        decoder.receive_data(data)
        while decoder.next_piece() is not None:
            pass

    def make(size: int) -> Callable[[], object]:
        data = filled(unit, size)
        return lambda: decode(data)

    check_growth(make, 32 * 1024)


@pytest.mark.parametrize("unit", [b",", b"ZZ=1,", b"\r\n", b"A", b"="])
def test_hello_reader(unit: bytes) -> None:
    def make(size: int) -> Callable[[], object]:
        data = b"AT$IMEI=868441036775234," + filled(unit, size)
        return lambda: IrzHelloReader().receive_data(data)

    check_growth(make, 64 * 1024)


@pytest.mark.parametrize("heartbeat", [b"a", b"ab", b"aaaaaaaab"])
def test_raw_connection(heartbeat: bytes) -> None:
    def make(size: int) -> Callable[[], object]:
        data = filled(heartbeat[:-1] or heartbeat, size)
        return lambda: RawConnection(heartbeat).receive_data(data)

    check_growth(make, 64 * 1024)


@pytest.mark.parametrize("text", ["00\n", "0000  00 00  ..\n", "0x00, ", "00 ", "  ", "#\n"])
def test_hex_dump(text: str) -> None:
    def make(size: int) -> Callable[[], object]:
        data = filled(text.encode(), size).decode()
        return lambda: parse_hex(data)

    check_growth(make, 256 * 1024)


@pytest.mark.parametrize("text", ["12:00 < 00\n", "12:00 < 00\n12:01 > C8CACBCCCD\n", "AT$IMEI=1", "C8CACBCCCD"])
def test_decode(text: str) -> None:
    def make(size: int) -> Callable[[], object]:
        data = filled(text.encode(), size)
        return lambda: list(decode_lines(data))

    check_growth(make, 32 * 1024)


def packets(count: int, step: int, size: int) -> Iterator[bytes]:
    yield struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)
    for number in range(count):
        tcp = struct.pack(">HHIIBBHHH", 1, 2, number * step, 0, 0x50, 0, 0, 0, 0) + bytes(size)
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, b"\x7f\0\0\1", b"\x7f\0\0\1") + tcp
        yield struct.pack("<IIII", 0, 0, len(ip), len(ip)) + ip


@pytest.mark.parametrize("step", [0, 1000, 2000], ids=["all the same", "in order", "all with gaps"])
def test_capture(step: int) -> None:
    def make(count: int) -> Callable[[], object]:
        data = b"".join(packets(count, step, 1000))
        return lambda: list(read_turns(data))

    check_growth(make, 2000)


YAML = {
    "list": "- 1\n",
    "one key": "a: 1\n",
    "flow": "[1],",
    "anchors": "- &a 1\n",
    "questions": "- ? a\n",
    "quotes": "'",
    "comments": "# x\n",
    "tabs": "\t",
    "colons": ":",
    "blocks": "- |\n x\n",
    "digits": "9",
    "times": "- 1:1:1\n",
}


@pytest.mark.parametrize("unit", YAML.values(), ids=YAML)
def test_yaml(unit: str) -> None:
    def make(size: int) -> Callable[[], object]:
        data = filled(unit.encode(), size).decode()
        return lambda: read_yaml(data, "f")

    check_growth(make, 16 * 1024)


def names(size: int) -> str:
    return ",".join(f'"{number:x}":1' for number in range(size // 9))


JSON: dict[str, Callable[[int], str]] = {
    "names": lambda size: f"{{{names(size)}}}",
    "a name twice at the end": lambda size: f'{{{names(size)},"z":1,"z":1}}',
    "a list": lambda size: '{"a":[' + "1," * (size // 2) + "1]}",
    "lists in a list": lambda size: '{"a":[' + "[[[1]]]," * (size // 8) + "1]}",
    "brackets": lambda size: "[" * size,
    "escapes": lambda size: '{"a":"' + "\\u0041" * (size // 6) + '"}',
    "backslashes": lambda size: '{"a":"' + "\\" * size,
    "digits": lambda size: '{"a":' + "9" * size + "}",
    "a fraction": lambda size: '{"a":0.' + "9" * size + "}",
    "blanks": lambda size: " " * size,
}


@pytest.mark.parametrize("make_text", JSON.values(), ids=JSON)
@pytest.mark.parametrize("read", [parse_json, lambda raw: decode_object(raw, 1 << 24)], ids=["http", "mqtt"])
def test_json(read: Callable[[bytes], object], make_text: Callable[[int], str]) -> None:
    def make(size: int) -> Callable[[], object]:
        data = make_text(size).encode()
        return lambda: read(data)

    check_growth(make, 32 * 1024)


def test_sharing_queue() -> None:
    def wait_in_line(count: int) -> None:
        stage = Stage(SharingSettings(grant="question"))
        for number in range(count):
            stage.act(f"P{number}", "comes", "")
        for number in range(count):
            stage.act(f"P{number}", "says", "q")
        for number in range(count):
            stage.act("meter", "says", "a")
            for _ in stage.advance(stage.now + 1.0):
                pass
            stage.act(f"P{number}", "leaves", "")

    check_growth(lambda count: lambda: wait_in_line(count), 16)
