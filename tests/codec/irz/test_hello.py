from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irzhub.codec.driver import Hello
from irzhub.codec.errors import LocalProtocolError, RemoteProtocolError
from irzhub.codec.irz.frames import KEEPALIVE, build_frame
from irzhub.codec.irz.hello import IrzHelloReader, build_answer, modem_id
from tests.codec.ways import at, byte_by_byte, error_of, said_hello, two_ways, whole

# docs/protocol.md 1.2: a capture of an ATM21, and the vendor's emulator.
ATM21 = (
    b"AT$IMEI=868441036775234,PSW=****,TYP=ATM,DEV=ATM21,VER=01,REV=04,BLD=024.254,HDW=2.0,SIM=0,CSQ=16,ATP=1.2,"
    b"INT=485+232,"
)
EMULATOR = (
    b"AT$IMEI=1000000000000000,PSW=5492,TYP=ATM,DEV=ATM31,VER=01,REV=03,BLD=016.353,HDW=2.0,SIM=0,CSQ=21,COLPROT=1.3,"
    b"ATP=1.1,INT=485+232,CHN=1,\n"
)
START = b"AT$IMEI=868441036775234,"
FRAME = build_frame(1, b"\x01\x08\x00\x27\xc0")


def read(cut: Any) -> tuple[Hello | None, bytes]:
    return said_hello(IrzHelloReader(), cut)


def hello_of(data: bytes) -> Hello:
    hello, _ = read(whole(data))
    assert hello is not None
    return hello


def test_capture_of_a_modem_without_encapsulation() -> None:
    assert len(ATM21) == 118

    assert hello_of(ATM21) == Hello(
        driver="irz",
        modem="868441036775234",
        imei="868441036775234",
        password="****",
        model="ATM21",
        firmware="1.4-024.254",
        sim=1,
        csq=16,
        interface="485+232",
        keys={
            "IMEI": "868441036775234",
            "PSW": "****",
            "TYP": "ATM",
            "DEV": "ATM21",
            "VER": "01",
            "REV": "04",
            "BLD": "024.254",
            "HDW": "2.0",
            "SIM": "0",
            "CSQ": "16",
            "ATP": "1.2",
            "INT": "485+232",
        },
    )


def test_emulator_with_encapsulation() -> None:
    hello = hello_of(EMULATOR)

    assert replace(hello, keys={}) == Hello(
        driver="irz",
        modem="1000000000000000",
        imei="1000000000000000",
        channel=1,
        password="5492",
        model="ATM31",
        firmware="1.3-016.353",
        sim=1,
        csq=21,
        interface="485+232",
        encapsulated=True,
    )


def test_password_is_not_in_the_printed_form() -> None:
    assert "5492" not in repr(hello_of(EMULATOR))


# Where a hello ends: (bytes, what is left over).
ENDS = {
    "comma and LF": (START + b"CSQ=16,\n", b""),
    "comma and CR LF": (START + b"CSQ=16,\r\n", b""),
    "comma and CR, then silence": (START + b"CSQ=16,\r", b""),
    "LF right behind a value": (START + b"CSQ=16\n", b""),
    "CR LF right behind a value": (START + b"CSQ=16\r\n", b""),
    "CR right behind a value, then silence": (START + b"CSQ=16\r", b""),
    "CR, then data": (START + b"CSQ=16,\r\x01\x08", b"\x01\x08"),
    "value, CR, then data": (START + b"CSQ=16\r\x01\x08", b"\x01\x08"),
    "comma, then silence": (START + b"CSQ=16,", b""),
    "only the IMEI": (START, b""),
    "only the IMEI, with LF": (START + b"\n", b""),
    "only the IMEI, no comma": (START[:-1] + b"\n", b""),
    "only the IMEI, CR, then silence": (START[:-1] + b"\r", b""),
    "line ends before it": (b"\r\n\r\n" + START + b"\n", b""),
    "glued keepalive": (START + b"CSQ=16," + KEEPALIVE, KEEPALIVE),
    "glued frame": (START + b"CSQ=16," + FRAME, FRAME),
    "LF and frame": (START + b"CSQ=16,\n" + FRAME, FRAME),
    "CR LF and frame": (START + b"CSQ=16,\r\n" + FRAME, FRAME),
    "value, CR LF and frame": (START + b"CSQ=16\r\n" + FRAME, FRAME),
    "value, LF and another LF": (START + b"CSQ=16\n\n", b"\n"),
    "CR, then LF as data": (START + b"CSQ=16,\r\r\n", b"\r\n"),
    "binary with LF in it": (START + b"CSQ=16,\x01\x0a\x0d\x0a", b"\x01\x0a\x0d\x0a"),
    "glued NUL": (START + b"\x00", b"\x00"),
    "lower case behind the comma": (START + b"csq=16,\n", b"csq=16,\n"),
    "a letter that begins no key": (START + b"A=1,\n", b"A=1,\n"),
    "letters without a sign": (START + b"CSQ\n", b"CSQ\n"),
    "nine letters": (START + b"ABCDEFGHI=1,\n", b"ABCDEFGHI=1,\n"),
    "a digit in the key": (START + b"CS2=1,\n", b"CS2=1,\n"),
    "two commas": (START + b",CSQ=16,\n", b",CSQ=16,\n"),
    "a second hello": (START + b"CSQ=16," + EMULATOR, EMULATOR),
    "a second hello behind LF": (START + b"CSQ=16,\n" + EMULATOR, EMULATOR),
    "a password with a comma": (START + b"PSW=12,34,CSQ=16,\n", b"34,CSQ=16,\n"),
    "64 KB behind it": (START + b"\n" + b"\xaa" * 65536, b"\xaa" * 65536),
}


@pytest.mark.parametrize(("data", "leftover"), ENDS.values(), ids=ENDS)
def test_end(data: bytes, leftover: bytes) -> None:
    for cut in two_ways(data):
        hello, rest = read(cut)

        assert hello is not None and hello.modem == "868441036775234"
        assert rest == leftover


@pytest.mark.parametrize(
    "data",
    [
        START[:-1],
        START + b"CS",
        START + b"CSQ=16",
        b"AT$IMEI=",
        b"A",
        b"",
        b"\r\n",
    ],
)
def test_silence_ends_nothing_inside_a_field(data: bytes) -> None:
    for cut in two_ways(data):
        reader = IrzHelloReader()

        assert said_hello(reader, cut) == (None, b"")
        assert reader.silence_s is None


def test_silence_is_asked_for_behind_a_comma_only() -> None:
    reader = IrzHelloReader()
    silences = {}
    for piece in byte_by_byte(START + b"CSQ=16,\r"):
        reader.receive_data(piece)
        silences[reader.collected[-4:]] = reader.silence_s

    asked = [tail for tail, silence_s in silences.items() if silence_s is not None]
    assert asked == [b"234,", b"=16,", b"16,\r"]
    assert set(silences.values()) == {None, 0.7}


def test_silence_after_the_end_changes_nothing() -> None:
    reader = IrzHelloReader()
    hello = reader.receive_data(EMULATOR)

    assert reader.silence_s is None
    assert reader.receive_silence() is hello


def test_bytes_after_the_end_are_our_fault() -> None:
    reader = IrzHelloReader()
    reader.receive_data(EMULATOR)

    with pytest.raises(LocalProtocolError, match="give what follows it to the connection"):
        reader.receive_data(b"x")


FOREIGN = {
    "HTTP": b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "SSH": b"SSH-2.0-OpenSSH_9.2p1\r\n",
    "SOCKS 4": b"\x04\x01\x00\x50\x01\x02\x03\x04\x00",
    "SOCKS 5": b"\x05\x01\x00",
    "MQTT": b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04abcd",
    "RDP": b"\x03\x00\x00\x13\x0e\xe0",
    "SMB": b"\x00\x00\x00\x85\xffSMB",
    "NUL": b"\x00" * 64,
    "keepalive": KEEPALIVE,
    "frame": FRAME,
    "lower case": b"at$imei=868441036775234,\n",
    "a space before": b" AT$IMEI=868441036775234,\n",
    "another command": b"AT+CSQ\r\n",
    "comma at once": b",",
    "no sign": b"AT$IMEI868441036775234,",
    "byte order mark": b"\xef\xbb\xbfAT$IMEI=868441036775234,",
    "endless letters": b"A" * 65536,
    "endless line ends": b"\r\n" * 300,
    "router": b"TEST000001@\x1f\x8b\x08",
}


@pytest.mark.parametrize("data", FOREIGN.values(), ids=FOREIGN)
def test_what_is_no_hello(data: bytes) -> None:
    error_of(read, data, RemoteProtocolError)


BAD_IMEIS = {
    "none": b"",
    "13 digits": b"8684410367752",
    "18 digits": b"868441036775234000",
    "letters": b"86844103677523a",
    "signs": b"-86844103677523",
    "plus": b"+86844103677523",
    "underscore": b"8684410_36775234",
    "spaces": b" 86844103677523",
    "trailing space": b"868441036775234 ",
    "path": b"../../etc/passwd",
    "escaped path": b"..%2f..%2fpasswd",
    "topic": b"868441036775/#",
    "quotes": b"'868441036775234'",
    "NUL": b"86844103677523\x00",
    "arabic digits": "٨٦٨٤٤١٠٣٦٧٧٥٢٣٤".encode(),
    "full-width digits": "８６８４４１０３６７７５２３４".encode(),
    "superscript": "86844103677523²".encode(),
    "channel suffix": b"868441036775234_2",
}


@pytest.mark.parametrize("imei", BAD_IMEIS.values(), ids=BAD_IMEIS)
def test_bad_imei(imei: bytes) -> None:
    error_of(read, b"AT$IMEI=" + imei + b",CSQ=16,\n", RemoteProtocolError)


@pytest.mark.parametrize("imei", ["86844103677523", "868441036775234", "1000000000000000", "1" * 17, "0" * 15])
def test_good_imei(imei: str) -> None:
    assert hello_of(f"AT$IMEI={imei},\n".encode()).modem == imei


def test_too_many_digits_are_refused_before_the_field_ends() -> None:
    with pytest.raises(RemoteProtocolError, match="14-17 digits"):
        IrzHelloReader().receive_data(b"AT$IMEI=" + b"1" * 18)


BAD_BYTES = {
    "NUL in a value": b"PSW=54\x0092,\n",
    "escape sequence": b"DEV=\x1b[31mATM,\n",
    "cyrillic": "DEV=АТМ21,\n".encode(),
    "DEL": b"DEV=ATM\x7f,\n",
    "tab": b"DEV=\tATM,\n",
    "frame in a value": b"DEV=" + FRAME,
    "line separator": "DEV=\u2028,\n".encode(),
}


@pytest.mark.parametrize("field", BAD_BYTES.values(), ids=BAD_BYTES)
def test_values_are_printable_ascii(field: bytes) -> None:
    error_of(read, START + field, RemoteProtocolError)


LONG = {
    "a long password": START + b"PSW=" + b"5" * 1024 + b",\n",
    "many keys": START + b"ZZ=1," * 100 + b"\n",
    "no end": START + b"PSW=" + b"5" * 65536,
    "ends at 513": START + b"PSW=" + b"5" * (513 - len(START) - 5) + b",X",
}


@pytest.mark.parametrize("data", LONG.values(), ids=LONG)
def test_a_hello_has_512_bytes_at_the_most(data: bytes) -> None:
    error_of(read, data, RemoteProtocolError)


def test_a_hello_of_512_bytes_is_read() -> None:
    data = START + b"PSW=" + b"5" * (512 - len(START) - 6) + b",\n"
    assert len(data) == 512

    for cut in two_ways(data):
        hello, _ = read(cut)
        assert hello is not None and hello.password == "5" * 482


# What a field means: (fields, attribute, value).
MEANINGS: dict[str, tuple[bytes, str, object]] = {
    "no password": (b"CSQ=16", "password", None),
    "empty password": (b"PSW=", "password", ""),
    "password with signs": (b"PSW=a b=c'\"<>&|;$`", "password", "a b=c'\"<>&|;$`"),
    "password with spaces": (b"PSW= 5492 ", "password", " 5492 "),
    "hidden password": (b"PSW=****", "password", "****"),
    "doubled password: the first": (b"PSW=first,PSW=second", "password", "first"),
    "doubled IMEI: the first": (b"IMEI=999999999999999", "imei", "868441036775234"),
    "doubled channel: the first": (b"CHN=2,CHN=3", "channel", 2),
    "channel 1": (b"CHN=1", "modem", "868441036775234"),
    "channel 1 is told": (b"CHN=1", "channel", 1),
    "channel 2": (b"CHN=2", "modem", "868441036775234_2"),
    "channel 5": (b"CHN=5", "modem", "868441036775234_5"),
    "no channel": (b"CSQ=16", "channel", None),
    "channel -1": (b"CHN=-1", "channel", None),
    "channel 0": (b"CHN=0", "modem", "868441036775234"),
    "empty channel": (b"CHN=", "channel", None),
    "SIM 0 is the first": (b"SIM=0", "sim", 1),
    "SIM 1 is the second": (b"SIM=1", "sim", 2),
    "SIM 2 is unknown": (b"SIM=2", "sim", None),
    "SIM -1 is unknown": (b"SIM=-1", "sim", None),
    "empty SIM": (b"SIM=", "sim", None),
    "no SIM": (b"CSQ=1", "sim", None),
    "CSQ 0": (b"CSQ=0", "csq", 0),
    "CSQ 31": (b"CSQ=31", "csq", 31),
    "CSQ 07": (b"CSQ=07", "csq", 7),
    "CSQ 32 is none": (b"CSQ=32", "csq", None),
    "CSQ 51: no power of the GSM module": (b"CSQ=51", "csq", None),
    "CSQ 99: unknown": (b"CSQ=99", "csq", None),
    "CSQ with underscore": (b"CSQ=1_0", "csq", None),
    "CSQ with space": (b"CSQ= 12", "csq", None),
    "CSQ with plus": (b"CSQ=+5", "csq", None),
    "negative CSQ": (b"CSQ=-5", "csq", None),
    "huge CSQ": (b"CSQ=" + b"9" * 400, "csq", None),
    "empty CSQ": (b"CSQ=", "csq", None),
    "model": (b"DEV=ATM42", "model", "ATM42"),
    "empty model": (b"DEV=", "model", None),
    "no type": (b"DEV=ATM2-485", "model", "ATM2-485"),
    "firmware": (b"BLD=024.254,REV=04,VER=01", "firmware", "1.4-024.254"),
    "firmware 10.20": (b"VER=10,REV=20,BLD=1", "firmware", "10.20-1"),
    "firmware without build": (b"VER=01,REV=04", "firmware", "1.4"),
    "firmware without revision": (b"VER=01,BLD=024.254", "firmware", "1-024.254"),
    "firmware without version": (b"REV=04,BLD=024.254", "firmware", None),
    "firmware with letters": (b"VER=1a,REV=b,BLD=c", "firmware", "1a.b-c"),
    "firmware with a huge number": (b"VER=" + b"1" * 60, "firmware", "1" * 60),
    "interface": (b"INT=232", "interface", "232"),
    "empty interface": (b"INT=", "interface", None),
    "encapsulation 1.2": (b"COLPROT=1.2", "encapsulated", True),
    "empty COLPROT": (b"COLPROT=", "encapsulated", False),
    "no COLPROT": (b"ATP=1.2", "encapsulated", False),
    "server mode": (b"MOD=SRV,IP=127.0.0.1,PORT=5000", "listens_at", "127.0.0.1:5000"),
    "server mode with channel 0": (b"CHN=0,MOD=SRV,IP=10.0.0.7,PORT=5009", "modem", "868441036775234"),
    "server mode without address": (b"MOD=SRV,PORT=5000", "listens_at", None),
    "server mode without port": (b"MOD=SRV,IP=127.0.0.1", "listens_at", None),
    "server mode with port 0": (b"MOD=SRV,IP=127.0.0.1,PORT=0", "listens_at", None),
    "server mode with port 65536": (b"MOD=SRV,IP=127.0.0.1,PORT=65536", "listens_at", None),
    "server mode with a name": (b"MOD=SRV,IP=evil.example,PORT=80", "listens_at", None),
    "server mode with 256": (b"MOD=SRV,IP=256.0.0.1,PORT=80", "listens_at", None),
    "address without server mode": (b"IP=127.0.0.1,PORT=5000", "listens_at", None),
    "woken by a call": (b"TIM=CALL", "woken_by", "call"),
    "woken by an SMS": (b"TIM=SMS", "woken_by", "sms"),
    "woken by the timetable": (b"TIM=08:00-09:00", "woken_by", "08:00-09:00"),
    "not woken": (b"TIM=", "woken_by", None),
}


@pytest.mark.parametrize(("fields", "name", "value"), MEANINGS.values(), ids=MEANINGS)
def test_meaning(fields: bytes, name: str, value: object) -> None:
    for cut in two_ways(START + fields + b",\n"):
        hello, _ = read(cut)
        assert getattr(hello, name) == value


@pytest.mark.parametrize("channel", [b"6", b"-2", b"01", b"1_0", b"x", b" 1", b"1000000000", "²".encode()])
def test_a_channel_that_cannot_be_ends_the_session(channel: bytes) -> None:
    error_of(read, START + b"CHN=" + channel + b",\n", RemoteProtocolError)


def test_unknown_keys_are_kept_as_they_came() -> None:
    hello = hello_of(START + b"LOG=user,WORD=,QQQQQQQQ=a=b,\n")

    assert hello.keys == {"IMEI": "868441036775234", "LOG": "user", "WORD": "", "QQQQQQQQ": "a=b"}


def test_order_of_keys_means_nothing() -> None:
    first, *rest = EMULATOR.rstrip(b",\n").split(b",")
    turned = b",".join([first, *reversed(rest)]) + b",\n"

    assert hello_of(turned) == hello_of(EMULATOR)


@given(st.lists(st.integers(0, 200), max_size=6))
def test_any_cut(cuts: list[int]) -> None:
    for data in (ATM21 + FRAME, EMULATOR + FRAME):
        assert read(at(data, cuts)) == (hello_of(data), FRAME)


@given(st.binary(max_size=700), st.lists(st.integers(0, 700), max_size=4))
@settings(max_examples=300)
def test_any_bytes_give_a_hello_or_the_peers_fault(data: bytes, cuts: list[int]) -> None:
    for beginning in (b"", b"AT$IMEI=", START, START + b"PSW="):
        try:
            hello, rest = read(at(beginning + data, cuts))
        except RemoteProtocolError:
            continue
        assert hello is None or (beginning + data).endswith(rest)


@given(st.text("ABCDEFGHNPSWTIMCQ=,0123456789\r\n-", max_size=300), st.lists(st.integers(0, 300), max_size=4))
@settings(max_examples=300)
def test_cuts_never_matter(text: str, cuts: list[int]) -> None:
    data = START + text.encode()

    def outcome(cut: Any) -> object:
        try:
            return read(cut)
        except RemoteProtocolError:
            return RemoteProtocolError

    assert outcome(at(data, cuts)) == outcome(byte_by_byte(data))


@pytest.mark.parametrize(
    ("imei", "channel", "modem"),
    [
        ("868441036775234", None, "868441036775234"),
        ("868441036775234", 1, "868441036775234"),
        ("868441036775234", 2, "868441036775234_2"),
        ("868441036775234", 5, "868441036775234_5"),
    ],
)
def test_modem_id(imei: str, channel: int | None, modem: str) -> None:
    assert modem_id(imei, channel) == modem


def test_answer() -> None:
    time = datetime(2026, 9, 22, 14, 0, 0, 999999, UTC)

    assert build_answer(time) == bytes.fromhex("32303236303932323134303030302C4D4F443D4441542C0D")
    assert build_answer(time, b"\r\n") == b"20260922140000,MOD=DAT,\r\n"
    assert build_answer(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == b"20260102030405,MOD=DAT,\r"
