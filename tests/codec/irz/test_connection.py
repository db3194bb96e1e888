from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irzhub.codec.driver import Answer, Data, FreshHello, Hello, Ignored, Keepalive, Pin, PinReport, WireEvent
from irzhub.codec.errors import LocalProtocolError, RemoteProtocolError
from irzhub.codec.irz.connection import BROKEN_HELLO_S, HOLD_S, PIECE, IrzConnection
from irzhub.codec.irz.frames import KEEPALIVE, NOISE_LIMIT, PREFIX, RESYNC_SILENCE_S, build_frame
from irzhub.codec.irz.hello import HELLO_SILENCE_S, IrzHelloReader
from irzhub.codec.irz.states import State
from tests.codec.ways import at, byte_by_byte, heard, joined, silence_of, two_ways, whole

NOW = datetime(2026, 9, 22, 14, 0, 0, tzinfo=UTC)
RAW_HELLO = b"AT$IMEI=868441036775234,PSW=5492,DEV=ATM21,\n"
FRAMED_HELLO = b"AT$IMEI=868441036775234,PSW=5492,DEV=ATM31,COLPROT=1.3,\n"
BEAT = bytes.fromhex("C8CACBCCCD020005B5BCBDBEBF0D0A")
PINS = bytes.fromhex("C8CACBCCCD0C0007014002808080C00D0A")
FOUR_PINS = (Pin(1, False, False), Pin(2, False, False), Pin(3, False, False), Pin(4, True, False))


def hello_of(data: bytes) -> Hello:
    hello = IrzHelloReader().receive_data(data)
    assert hello is not None
    return hello


RAW, FRAMED = hello_of(RAW_HELLO), hello_of(FRAMED_HELLO)


def answered(hello: Hello) -> IrzConnection:
    connection = IrzConnection(hello)
    connection.answer(NOW)
    return connection


def state_of(connection: IrzConnection) -> State:
    return connection.state


def raw() -> IrzConnection:
    return answered(RAW)


def framed() -> IrzConnection:
    return answered(FRAMED)


def asked(command: str, args: dict[str, Any] | None = None) -> IrzConnection:
    connection = framed()
    connection.send_command(command, args or {})
    return connection


# What a modem without encapsulation sends: (bytes, events).
RAW_STREAMS: dict[str, tuple[bytes, list[WireEvent]]] = {
    "nothing": (b"", []),
    "data": (b"\x01\x08\x00\x27\xc0", [Data(b"\x01\x08\x00\x27\xc0")]),
    "keepalive": (KEEPALIVE, [Keepalive()]),
    "keepalives": (KEEPALIVE * 3, [Keepalive()] * 3),
    "keepalive between": (b"ab" + KEEPALIVE + b"cd", [Data(b"ab"), Keepalive(), Data(b"cd")]),
    "keepalive before": (KEEPALIVE + b"cd", [Keepalive(), Data(b"cd")]),
    "keepalive behind": (b"ab" + KEEPALIVE, [Data(b"ab"), Keepalive()]),
    "two beginnings": (b"\xb5\xb5\xbc\xbd\xbe\xbf", [Data(b"\xb5"), Keepalive()]),
    "a long beginning twice": (b"\xb5\xbc\xbd\xbe" + KEEPALIVE, [Data(b"\xb5\xbc\xbd\xbe"), Keepalive()]),
    "keepalive cut short": (KEEPALIVE[:4], [Data(KEEPALIVE[:4])]),
    "keepalive with a wrong end": (KEEPALIVE[:4] + b"\xbe", [Data(KEEPALIVE[:4] + b"\xbe")]),
    "keepalive without its first": (KEEPALIVE[1:], [Data(KEEPALIVE[1:])]),
    "frames mean nothing": (PINS, [Data(PINS)]),
    "a framed keepalive hides one": (BEAT, [Data(BEAT[:8]), Keepalive(), Data(b"\r\n")]),
    "line ends": (b"\r\n\r\n", [Data(b"\r\n\r\n")]),
    "money": (b"$100$", [Data(b"$100$")]),
    "other AT command": (b"AT$IRZ_PWD?\r", [Data(b"AT$IRZ_PWD?\r")]),
    "AT at the end": (b"\x01AT", [Data(b"\x01AT")]),
    "AT alone": (b"AT", [Data(b"AT")]),
    "beginning of a hello at the end": (b"\x01AT$IMEI", [Data(b"\x01AT$IMEI")]),
    "hello": (RAW_HELLO, [FreshHello(RAW)]),
    "hello, data behind": (RAW_HELLO + b"ab", [FreshHello(RAW), Data(b"ab")]),
    "hello, keepalive behind": (RAW_HELLO + KEEPALIVE, [FreshHello(RAW), Keepalive()]),
    "hello without LF, then silence": (RAW_HELLO[:-1], [FreshHello(RAW)]),
    "hello without LF, keepalive behind": (RAW_HELLO[:-1] + KEEPALIVE, [FreshHello(RAW), Keepalive()]),
    "hellos": (RAW_HELLO * 1000, [FreshHello(RAW)] * 1000),
    "hello with frames from now on": (
        FRAMED_HELLO + BEAT + PINS,
        [FreshHello(FRAMED), Keepalive(), PinReport(FOUR_PINS, False)],
    ),
    "no hello: IMEI": (b"AT$IMEI=12345,abc", [Data(b"AT$IMEI=12345,abc")]),
    "no hello: keepalive in it": (
        b"AT$IMEI=1" + KEEPALIVE + b"z",
        [Data(b"AT$IMEI=1"), Keepalive(), Data(b"z")],
    ),
    "no hello: not finished": (b"AT$IMEI=868441036775234,PSW=54", [Data(b"AT$IMEI=868441036775234,PSW=54")]),
    "no hello: channel, then silence": (
        b"AT$IMEI=868441036775234,CHN=9,",
        [Data(b"AT$IMEI=868441036775234,CHN=9,")],
    ),
    "no hello, then one": (b"AT$IMEI=x" + RAW_HELLO, [Data(b"AT$IMEI=x"), FreshHello(RAW)]),
    "no hello, too long": (
        b"AT$IMEI=868441036775234,PSW=" + b"5" * 600,
        [Data(b"AT$IMEI=868441036775234,PSW=" + b"5" * 600)],
    ),
}


@pytest.mark.parametrize(("data", "events"), RAW_STREAMS.values(), ids=RAW_STREAMS)
def test_raw_stream(data: bytes, events: list[WireEvent]) -> None:
    for cut in two_ways(data):
        assert heard(raw(), cut) == events
    for cut in two_ways(b"\x00" + data):
        assert heard(raw(), cut) == with_lead(b"\x00", events)


def with_lead(lead: bytes, events: list[WireEvent]) -> list[WireEvent]:
    return joined([Data(lead), *events])


def test_keepalive_in_two_segments() -> None:
    connection = raw()

    assert connection.receive_data(b"ab\xb5\xbc") == [Data(b"ab")]
    assert silence_of(connection) == HOLD_S == 0.05
    assert connection.receive_data(b"\xbd\xbe\xbfcd") == [Keepalive(), Data(b"cd")]
    assert silence_of(connection) is None


def test_beginning_of_a_keepalive_is_let_go_after_a_silence() -> None:
    connection = raw()

    assert connection.receive_data(b"ab\xb5") == [Data(b"ab")]
    assert connection.receive_silence() == [Data(b"\xb5")]
    assert silence_of(connection) is None
    assert connection.receive_silence() == []
    assert connection.receive_data(b"\xbc\xbd\xbe\xbf") == [Data(b"\xbc\xbd\xbe\xbf")]


def test_bytes_of_the_meter_are_passed_on_uncopied() -> None:
    data = bytes(range(0x40, 0xB0))

    (event,) = raw().receive_data(data)

    assert isinstance(event, Data) and event.payload is data


def test_a_fresh_hello_in_two_reads() -> None:
    lead = b"\x01\x02\x03"
    for cut in range(len(lead), len(lead + RAW_HELLO)):
        data = lead + RAW_HELLO
        leaked = RAW_HELLO[: cut - len(lead)] if cut - len(lead) < 3 else b""

        assert heard(raw(), [data[:cut], data[cut:]]) == [Data(lead + leaked), FreshHello(RAW)]


def test_whole_frames_take_the_short_way() -> None:
    connection = framed()
    for size in (1, 2, 255, 256, 1180):
        payload = b"\r" * size
        assert connection.receive_data(build_frame(1, payload)) == [Data(payload)]

    # Not whole, not alone, or not data: the long way.
    for data in (build_frame(1, b"x")[:-1] + b"\r", build_frame(1, b"\r\n")[:-2], build_frame(2, b"x")):
        assert Data(b"x") not in connection.receive_data(data)


def test_letters_at_the_end_are_not_held_back_and_the_hello_is_still_seen() -> None:
    for letters in (1, 2):
        connection = raw()
        assert connection.receive_data(b"\x01" + RAW_HELLO[:letters]) == [Data(b"\x01" + RAW_HELLO[:letters])]
        assert silence_of(connection) is None

        assert connection.receive_data(RAW_HELLO[letters:]) == [FreshHello(RAW)]


def test_letters_that_were_passed_on_are_not_repeated_when_it_is_no_hello() -> None:
    connection = raw()

    events = connection.receive_data(b"\x01AT") + connection.receive_data(b"$IMEI=x")

    assert joined(events) == [Data(b"\x01AT$IMEI=x")]


def test_silences_of_a_fresh_hello() -> None:
    connection = raw()
    connection.receive_data(b"AT$IM")
    assert silence_of(connection) == HOLD_S

    connection.receive_data(b"EI=86844103677523")
    assert silence_of(connection) == BROKEN_HELLO_S

    connection.receive_data(b"4,")
    assert silence_of(connection) == HELLO_SILENCE_S

    (event,) = connection.receive_silence()
    assert isinstance(event, FreshHello) and event.hello.modem == "868441036775234"
    assert silence_of(connection) is None


# What a modem with encapsulation sends: (bytes, events).
FRAMED_STREAMS: dict[str, tuple[bytes, list[WireEvent]]] = {
    "data": (build_frame(1, b"\x01\x08"), [Data(b"\x01\x08")]),
    "data in two frames": (build_frame(1, b"\x01\x08") + build_frame(1, b"\x27"), [Data(b"\x01\x08\x27")]),
    "data that is a keepalive": (build_frame(1, KEEPALIVE), [Data(KEEPALIVE)]),
    "data that is a hello": (build_frame(1, RAW_HELLO), [Data(RAW_HELLO)]),
    "empty data": (build_frame(1, b""), [Keepalive()]),
    "keepalive": (BEAT, [Keepalive()]),
    "empty keepalive": (build_frame(2, b""), [Keepalive()]),
    "keepalive with another text": (build_frame(2, b"\x01\x02"), [Keepalive()]),
    "raw keepalive": (KEEPALIVE, [Ignored(KEEPALIVE, "bytes outside of frames")]),
    "pins": (PINS, [PinReport(FOUR_PINS, False)]),
    "pins that cannot be": (
        build_frame(12, b"\x01\x40\x02\x00"),
        [Ignored(b"\x01\x40\x02\x00", "an answer that nobody waits for")],
    ),
    "answer to nothing": (
        build_frame(12, b"\x01\x40\x01\x15"),
        [Ignored(b"\x01\x40\x01\x15", "an answer that nobody waits for")],
    ),
    "text to nothing": (build_frame(12, b"\x01OK"), [Ignored(b"\x01OK", "an answer that nobody waits for")]),
    "empty command frame": (build_frame(12, b""), [Ignored(b"", "an answer that nobody waits for")]),
    "settings dialogue": (
        build_frame(5, b"PASSOK"),
        [Ignored(b"PASSOK", "a frame that means nothing here: 05 settings [6] 50 41 53 53 4F 4B")],
    ),
    "unknown kind": (build_frame(7, b"x"), [Ignored(b"x", "a frame that means nothing here: 07 unknown [1] 78")]),
    "noise": (b"noise", [Ignored(b"noise", "bytes outside of frames")]),
    "noise between": (
        BEAT + b"noise" + PINS,
        [Keepalive(), Ignored(b"noise", "bytes outside of frames"), PinReport(FOUR_PINS, False)],
    ),
    "length wrong by one": (PREFIX + b"\x01\x00\x04" + b"12345\r\n" + BEAT, [Data(b"12345"), Keepalive()]),
    "length long by one, then silence": (PREFIX + b"\x01\x00\x06" + b"12345\r\n", [Data(b"12345")]),
    "hello": (FRAMED_HELLO, [FreshHello(FRAMED)]),
    "hello between frames": (
        BEAT + FRAMED_HELLO + PINS,
        [Keepalive(), FreshHello(FRAMED), PinReport(FOUR_PINS, False)],
    ),
    "hello without LF, frame behind": (FRAMED_HELLO[:-1] + BEAT, [FreshHello(FRAMED), Keepalive()]),
    "hello without LF, then silence": (FRAMED_HELLO[:-1], [FreshHello(FRAMED)]),
    "hello without frames from now on": (RAW_HELLO + b"ab" + KEEPALIVE, [FreshHello(RAW), Data(b"ab"), Keepalive()]),
    "noise, then hello": (b"x" + FRAMED_HELLO, [Ignored(b"x", "bytes outside of frames"), FreshHello(FRAMED)]),
    "no hello": (
        b"AT$IMEI=1,x" + BEAT,
        [
            Ignored(b"AT$IMEI=", "expected AT$IMEI= and 14-17 digits, got b'AT$IMEI=1'"),
            Ignored(b"1,x", "bytes outside of frames"),
            Keepalive(),
        ],
    ),
    "hello not finished, then silence": (
        b"AT$IMEI=868441036775234,PS",
        [
            Ignored(b"AT$IMEI=", "the hello was not finished"),
            Ignored(b"868441036775234,PS", "bytes outside of frames"),
        ],
    ),
}


@pytest.mark.parametrize(("data", "events"), FRAMED_STREAMS.values(), ids=FRAMED_STREAMS)
def test_framed_stream(data: bytes, events: list[WireEvent]) -> None:
    for cut in two_ways(data):
        assert heard(framed(), cut) == events
    if isinstance(events[-1], Keepalive | Data | PinReport) and RAW_HELLO not in data:
        for cut in two_ways(data + BEAT):
            assert heard(framed(), cut) == [*events, Keepalive()]


def test_silence_of_an_unfinished_frame() -> None:
    connection = framed()

    assert connection.receive_data(BEAT[:9]) == []
    assert silence_of(connection) == RESYNC_SILENCE_S
    assert connection.receive_silence() == []
    assert silence_of(connection) is None
    assert connection.receive_data(BEAT[9:]) == [Keepalive()]


# Answers to commands: (command, arguments, request, answer, values).
DIALOGUES: dict[str, tuple[str, dict[str, Any], str, str, dict[str, Any]]] = {
    "signal": (
        "signal",
        {},
        "C8CACBCCCD0C00030040010D0A",
        "C8CACBCCCD0C0004014001150D0A",
        {"csq": 21, "rssi_dbm": -71},
    ),
    "temperature": (
        "temperature",
        {},
        "C8CACBCCCD0C00030040050D0A",
        "C8CACBCCCD0C00040140057D0D0A",
        {"temperature_c": 25},
    ),
    "iccid": (
        "iccid",
        {},
        "C8CACBCCCD0C000300400B0D0A",
        "C8CACBCCCD0C001601400B383937303139393332373234313935393833460D0A",
        {"iccid": "897019932724195983"},
    ),
    "cell": (
        "cell",
        {},
        "C8CACBCCCD0C00030040040D0A",
        build_frame(12, b'\x01@\x040,"250,01,00dd,3860,29,21";').hex(),
        {
            "cell": {
                "mcc": "250",
                "mnc": "01",
                "lac": 221,
                "cid": 14432,
                "bsic": 29,
                "rx_level": 21,
                "neighbours": [],
                "raw": '0,"250,01,00dd,3860,29,21";',
            }
        },
    ),
    "set_output": (
        "set_output",
        {"output": 4, "on": True},
        "C8CACBCCCD0C000800246770343D310D0D0A",
        build_frame(12, b"\x01OK\r\n").hex(),
        {"text": "OK", "is_refused": False},
    ),
    "set_output, refused": (
        "set_output",
        {"output": 3, "on": False},
        "C8CACBCCCD0C000800246770333D300D0D0A",
        build_frame(12, b"\x01ERROR").hex(),
        {"text": "ERROR", "is_refused": True},
    ),
    "ussd": (
        "ussd",
        {"code": "*100#"},
        build_frame(12, b"\x00$ussd=0*100#\r").hex(),
        build_frame(12, b"\x01" + "Баланс: 12,50 р.".encode("utf-16-be").hex().upper().encode()).hex(),
        {"text": "Баланс: 12,50 р.", "is_refused": False},
    ),
    "raw question": (
        "raw",
        {"hex": "004003"},
        "C8CACBCCCD0C00030040030D0A",
        "C8CACBCCCD0C00040140033F0D0A",
        {"hex": "0140033F", "text": None},
    ),
    "raw question that is known": (
        "raw",
        {"hex": "004001"},
        "C8CACBCCCD0C00030040010D0A",
        "C8CACBCCCD0C0004014001150D0A",
        {"hex": "01400115", "text": None, "csq": 21, "rssi_dbm": -71},
    ),
    "raw text": (
        "raw",
        {"text": "$ipr=9600"},
        build_frame(12, b"\x00$ipr=9600\r").hex(),
        build_frame(12, b"\x01OK\r\n").hex(),
        {"hex": "014F4B0D0A", "text": "OK"},
    ),
    "another first byte in the answer": (
        "signal",
        {},
        "C8CACBCCCD0C00030040010D0A",
        build_frame(12, b"\x05\x40\x01\x15").hex(),
        {"csq": 21, "rssi_dbm": -71},
    ),
    "answer without a value": (
        "temperature",
        {},
        "C8CACBCCCD0C00030040050D0A",
        build_frame(12, b"\x02\x40\x05").hex(),
        {"temperature_c": None},
    ),
    "pins that cannot be": (
        "pins",
        {},
        "C8CACBCCCD0C00030040020D0A",
        build_frame(12, b"\x01\x40\x02").hex(),
        {"pins": None},
    ),
}


@pytest.mark.parametrize(("command", "args", "request_hex", "answer_hex", "values"), DIALOGUES.values(), ids=DIALOGUES)
def test_dialogue(
    command: str, args: dict[str, Any], request_hex: str, answer_hex: str, values: dict[str, Any]
) -> None:
    answer = bytes.fromhex(answer_hex)
    for cut in (*two_ways(answer), *two_ways(answer + BEAT)):
        connection = framed()
        assert connection.send_command(command, args) == bytes.fromhex(request_hex)
        assert state_of(connection) is State.ASKING

        events = heard(connection, cut)

        assert events[0] == Answer(command, values, answer[8:-2])
        assert events[1:] == [Keepalive()] * (len(events) - 1)
        assert state_of(connection) is State.IDLE


def test_answer_to_pins_is_a_report_that_was_asked_for() -> None:
    connection = asked("pins")

    assert connection.receive_data(PINS) == [PinReport(FOUR_PINS, asked=True)]
    assert state_of(connection) is State.IDLE
    assert connection.receive_data(PINS) == [PinReport(FOUR_PINS, asked=False)]


def test_raw_question_for_pins_is_answered_and_reports_them() -> None:
    connection = asked("raw", {"hex": "004002"})

    report, answer = connection.receive_data(PINS)

    assert report == PinReport(FOUR_PINS, asked=False)
    assert isinstance(answer, Answer) and answer.command == "raw"
    assert answer.values["hex"] == "014002808080C0"
    assert len(answer.values["pins"]) == 4


@pytest.mark.parametrize("command", ["signal", "set_output"])
def test_report_while_something_else_is_asked(command: str) -> None:
    connection = asked(command, {"output": 1, "on": True} if command == "set_output" else {})

    assert connection.receive_data(PINS) == [PinReport(FOUR_PINS, asked=False)]
    assert state_of(connection) is State.ASKING


def test_answer_to_another_question_is_ignored() -> None:
    connection = asked("signal")

    assert connection.receive_data(build_frame(12, b"\x01\x40\x05\x7d")) == [
        Ignored(b"\x01\x40\x05\x7d", "an answer that nobody waits for")
    ]
    assert state_of(connection) is State.ASKING


def test_late_answers() -> None:
    connection = asked("signal")
    connection.cancel_command()
    connection.send_command("pins", {})
    connection.cancel_command()

    assert heard(connection, whole(build_frame(12, b"\x01\x40\x01\x15") + PINS)) == [
        Ignored(b"\x01\x40\x01\x15", "an answer that nobody waits for"),
        PinReport(FOUR_PINS, asked=False),
    ]


def test_only_one_command_at_a_time() -> None:
    connection = asked("signal")

    with pytest.raises(LocalProtocolError, match="expected cancel in state asking, got command"):
        connection.send_command("temperature", {})
    assert connection.receive_data(build_frame(12, b"\x01\x40\x01\x15"))[0] == Answer(
        "signal", {"csq": 21, "rssi_dbm": -71}, b"\x01\x40\x01\x15"
    )


def test_a_bad_command_leaves_nothing_outstanding() -> None:
    connection = framed()

    with pytest.raises(LocalProtocolError, match="expected a code"):
        connection.send_command("ussd", {"code": "x"})
    assert state_of(connection) is State.IDLE


def test_no_command_before_the_answer() -> None:
    connection = IrzConnection(FRAMED)

    with pytest.raises(LocalProtocolError, match="in state greeted, got command"):
        connection.send_command("signal", {})
    assert connection.answer(NOW) == b"20260922140000,MOD=DAT,\r"
    assert connection.send_command("signal", {})


def test_one_answer_for_each_hello() -> None:
    connection = IrzConnection(FRAMED, answer_end=b"\r\n")

    assert connection.answer(NOW) == b"20260922140000,MOD=DAT,\r\n"
    with pytest.raises(LocalProtocolError, match="expected command, cancel in state idle, got answer"):
        connection.answer(NOW)


def test_fresh_hello_begins_anew() -> None:
    connection = asked("signal")

    assert heard(connection, whole(FRAMED_HELLO)) == [FreshHello(FRAMED)]
    assert state_of(connection) is State.GREETED
    assert connection.receive_data(build_frame(12, b"\x01\x40\x01\x15")) == [
        Ignored(b"\x01\x40\x01\x15", "an answer that nobody waits for")
    ]
    assert connection.answer(NOW)


def test_fresh_hello_can_change_the_form() -> None:
    connection = raw()
    assert (connection.takes_commands, connection.send_data(b"x")) == (False, b"x")

    connection.receive_data(FRAMED_HELLO)
    assert (connection.takes_commands, connection.send_data(b"x")) == (True, build_frame(1, b"x"))

    connection.receive_data(RAW_HELLO)
    assert (connection.takes_commands, connection.send_data(b"x")) == (False, b"x")


def test_a_modem_without_encapsulation_takes_no_commands() -> None:
    connection = raw()

    with pytest.raises(LocalProtocolError, match="'signal': this modem works without encapsulation"):
        connection.send_command("signal", {})
    connection.cancel_command()


def test_data_to_the_modem() -> None:
    assert framed().send_data(b"\x01\x08\x00\x27\xc0") == bytes.fromhex("C8CACBCCCD01000501080027C00D0A")
    assert framed().send_data(b"") == b""
    assert raw().send_data(b"\x01\x08") == b"\x01\x08"
    assert IrzConnection(FRAMED).send_data(b"x") == build_frame(1, b"x")


def test_noise_without_end_fails_the_session() -> None:
    connection = framed()
    events = connection.receive_data(BEAT + b"x" * (NOISE_LIMIT + 1))
    assert events[0] == Keepalive()

    for _ in range(2):
        with pytest.raises(RemoteProtocolError, match="expected"):
            connection.receive_data(BEAT)
        assert state_of(connection) is State.FAILED
    with pytest.raises(LocalProtocolError, match="in state failed"):
        connection.send_command("signal", {})
    connection.cancel_command()


def test_templates_are_used() -> None:
    connection = IrzConnection(FRAMED, templates={"reboot": "$reboot"})
    connection.answer(NOW)

    assert connection.send_command("reboot", {}) == build_frame(12, b"\x00$reboot\r")


def test_a_form_counts_for_one_command_only() -> None:
    connection = IrzConnection(FRAMED)
    connection.answer(NOW)

    assert connection.send_command("pulse", {"output": 2}, "$gp{output}=p") == build_frame(12, b"\x00$gp2=p\r")
    connection.cancel_command()
    with pytest.raises(LocalProtocolError, match="the template pulse is off"):
        connection.send_command("pulse", {"output": 2})


parts = st.lists(
    st.binary(max_size=20)
    | st.sampled_from([KEEPALIVE, KEEPALIVE[:3], BEAT, PINS, RAW_HELLO, FRAMED_HELLO, b"AT$IMEI=", b"AT", b"$", PREFIX])
    | st.builds(build_frame, st.integers(0, 13), st.binary(max_size=20)),
    max_size=8,
)


@pytest.mark.parametrize("make", [raw, framed])
@given(parts, st.lists(st.integers(0, 400), max_size=8))
@settings(max_examples=400)
def test_cuts_never_matter(make: Callable[[], IrzConnection], stream: list[bytes], cuts: list[int]) -> None:
    data = b"".join(stream)

    events = heard(make(), whole(data))

    for cut in (at(data, cuts), byte_by_byte(data)):
        assert without_chance(heard(make(), cut)) == without_chance(events)


def without_chance(events: list[WireEvent]) -> list[WireEvent]:
    """Leave out what cuts may change.

    The `A` or `AT` of a hello is passed on when a read ends there; a bad hello is known sooner byte by byte.
    """
    kept: list[WireEvent] = []
    for event, following in zip(events, [*events[1:], None], strict=False):
        if isinstance(event, Data) and isinstance(following, FreshHello):
            event = Data(event.payload.rstrip(b"AT"))
        if isinstance(event, Ignored):
            event = Ignored(event.raw, "")
        if event != Data(b""):
            kept.append(event)
    return joined(kept)


@given(
    st.lists(st.binary(max_size=30) | st.sampled_from([KEEPALIVE, KEEPALIVE[:4]]), max_size=8),
    st.lists(st.integers(0, 300)),
)
def test_a_raw_stream_loses_its_keepalives_and_nothing_else(stream: list[bytes], cuts: list[int]) -> None:
    data = b"".join(stream).replace(b"$", b"")

    events = heard(raw(), at(data, cuts))

    passed = b"".join(event.payload for event in events if isinstance(event, Data))
    assert passed == data.replace(KEEPALIVE, b"")
    assert events.count(Keepalive()) == data.count(KEEPALIVE)


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=6), st.lists(st.integers(0, 600), max_size=6))
def test_framed_data_arrives_as_it_was_sent(payloads: list[bytes], cuts: list[int]) -> None:
    data = b"".join(map(framed().send_data, payloads))

    events = heard(framed(), at(data, cuts))

    assert events == joined(map(Data, payloads))


@pytest.mark.parametrize("size", [PIECE - 1, PIECE, PIECE + 1, 5 * PIECE + 7])
def test_a_long_read_is_one_piece_of_data_whatever_is_in_it(size: int) -> None:
    data = (b"$" + bytes(range(256)).replace(b"\xb5", b"") * (size // 255 + 1))[:size]

    assert raw().receive_data(data) == [Data(data)]
    assert raw().receive_data(data + KEEPALIVE + data) == [Data(data), Keepalive(), Data(data)]
    assert joined(framed().receive_data(framed().send_data(data))) == [Data(data)]


def test_what_was_good_before_a_breach_in_the_same_read_counts() -> None:
    connection = framed()

    events = connection.receive_data(BEAT + b"x" * (3 * NOISE_LIMIT))

    assert events[0] == Keepalive()
    assert state_of(connection) is State.FAILED
    with pytest.raises(RemoteProtocolError):
        connection.receive_data(BEAT)


# The short cut for meter data.


def nearly(*landmarks: bytes) -> st.SearchStrategy[bytes]:
    """Return bytes full of whole and broken pieces of what is not the meter's."""
    parts = [
        mark[start:end] for mark in landmarks for start in range(len(mark)) for end in range(start + 1, len(mark) + 1)
    ]
    return st.lists(st.sampled_from(parts) | st.binary(max_size=3), max_size=5).map(b"".join)


@settings(max_examples=400)
@given(nearly(KEEPALIVE, b"AT$IMEI="))
def test_what_the_short_cut_reads_is_all_there_is_in_it_raw(data: bytes) -> None:
    connection = raw()
    assert connection.plain is not None

    if (payload := connection.plain.read(data)) is not None:
        assert payload == data
        assert connection.receive_data(data) == [Data(data)]
        assert connection.silence_s is None


@settings(max_examples=400)
@given(nearly(PREFIX, b"\r\n", build_frame(1, b"abc"), build_frame(2, b""), b"AT$IMEI="))
def test_what_the_short_cut_reads_is_all_there_is_in_it_framed(data: bytes) -> None:
    for each in (data, build_frame(1, data)):
        connection = framed()
        assert connection.plain is not None

        if (payload := connection.plain.read(each)) is not None:
            assert connection.receive_data(each) == [Data(payload)]
            assert connection.silence_s is None


@pytest.mark.parametrize("data", [b"\x01\xb5\x02\x03\x04\x05", b"cost: 5 $ in all", bytes(range(256)) * 4])
def test_a_lone_byte_of_a_landmark_keeps_no_data_from_the_short_cut(data: bytes) -> None:
    connection = raw()

    assert connection.plain is not None
    assert connection.plain.read(data) == data


@pytest.mark.parametrize(
    ("connection", "data"),
    [(raw(), KEEPALIVE[:3]), (raw(), b"AT$IM"), (framed(), PREFIX), (framed(), b"noise"), (raw(), RAW_HELLO[:20])],
)
def test_there_is_no_short_cut_while_something_is_under_way(connection: IrzConnection, data: bytes) -> None:
    assert connection.plain is not None
    connection.receive_data(data)

    assert connection.plain is None


def test_the_short_cut_builds_what_send_data_builds() -> None:
    connection = framed()
    assert connection.plain is not None
    assert connection.plain.build is not None

    for size in (0, 1, 64, 1180, 1181, 5000):
        assert connection.plain.build(bytes(size)) == connection.send_data(bytes(size))
