"""What is fuzzed: functions that take any bytes and raise only when a rule is broken.

The rule is everywhere the same: either the bytes are understood, or the reader's own error says that they are not; and
how a stream is cut into reads changes nothing. `tests.fuzz` runs them under a fuzzer, `test_targets.py` replays what
was found.
"""

import contextlib
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from integrations.gsm_modem.at import LONGEST_LINE, AtEngine, AtEvent
from integrations.gsm_modem.pdu import BadPdu, Deliver, decode_incoming
from integrations.gsm_modem.reassembly import Reassembly
from irzhub.automation.actions import TellAction
from irzhub.automation.rule_book import walk
from irzhub.automation.rule_source import read_rules_file
from irzhub.automation.templates import LONGEST_TEXT, TemplateFailed, TemplateRefused, Templates, check_template
from irzhub.cli.decode import decode_lines
from irzhub.codec.driver import Data, FreshHello, Hello, Ignored, Keepalive, WireEvent
from irzhub.codec.errors import RemoteProtocolError
from irzhub.codec.irz.connection import PIECE, IrzConnection
from irzhub.codec.irz.frames import KEEPALIVE, PREFIX, SUFFIX, Frame, FrameDecoder, Noise
from irzhub.codec.irz.hello import HELLO_LIMIT, IrzHelloReader
from irzhub.codec.raw.connection import RawConnection
from irzhub.config.load import load_settings
from irzhub.core.exceptions import ConfigError
from irzhub.mqtt.commands import parse_command
from irzhub.mqtt.payloads import PayloadError, decode_event, decode_level, decode_object, decode_state
from irzhub.mqtt.replies import Reply, transaction_of
from irzhub.mqtt.topics import Topics, is_modem_id
from irzhub.storage.dump_file import BackupReader
from irzhub.storage.dump_rows import SECTIONS, parse_row
from irzhub.storage.errors import BackupError
from irzhub.web.strict_json import BadJson, parse_json
from tests.codec.ways import at, byte_by_byte, heard, joined, said_hello, whole

TOPIC_END: Final = b"\xff"
"""Between topic and payload; no topic can hold it, as it is not UTF-8."""
PART_END: Final = b"\xff\xff"
"""Between the members of a backup that is put together here, so that the fuzzer need not guess checksums."""

_TEMPLATES: Final = Templates(UTC)
_VALUES: Final = {
    "modem": {"name": "m", "csq": 17, "gpi": {"1": "ON"}, "comment": None},
    "trigger": {"ts": "2026-11-20T18:00:00.000Z", "pin": 1},
    "names": ["a", "b"],
}
_NOON: Final = datetime(2026, 9, 22, 12, 0, tzinfo=UTC)
_SCRATCH: Final = tempfile.TemporaryDirectory(prefix="irzhub-fuzz-")
_FOLDER: Final = Path(_SCRATCH.name)


def fuzz_hello(data: bytes) -> None:
    """One hello, whole and in pieces."""
    assert _hello(whole(data)) == _hello(byte_by_byte(data)) == _hello(at(data, [7, len(data) // 2]))


def _hello(cut: Sequence[bytes]) -> object:
    reader = IrzHelloReader()
    try:
        hello, rest = said_hello(reader, cut)
    except RemoteProtocolError as error:
        assert str(error).isprintable()
        return RemoteProtocolError
    if hello is not None:
        assert is_modem_id(hello.modem)
        assert all(value.isascii() and value.isprintable() for value in hello.keys.values())
        assert len(repr(hello)) < 16 * HELLO_LIMIT
    return hello, rest


def fuzz_frames(data: bytes) -> None:
    """A stream of frames: nothing is lost, nothing made up."""
    decoder, seen = FrameDecoder(), b""
    decoder.receive_data(data)
    while (piece := decoder.next_piece()) is not None:
        if isinstance(piece, Frame):
            declared = len(piece.payload) if piece.declared is None else piece.declared
            seen += PREFIX + bytes((piece.kind, *declared.to_bytes(2))) + piece.payload + SUFFIX
            assert str(piece).isprintable()
        elif isinstance(piece, Noise):
            seen += piece.raw
    decoder.receive_silence()
    assert (seen + decoder.take_rest()) == data


def fuzz_connection(data: bytes) -> None:
    """A session: the first byte says of which kind, the second where it is cut."""
    if len(data) < 2:
        return
    kind, place, stream = data[0] % 4, data[1], data[2:]
    # A read that begins with `$IMEI=` is taken for the rest of a hello, as `AT` may have been passed on before it.
    places = [each % (len(stream) + 1) for each in (place, 3 * place, len(stream) - place)]
    cut = at(stream, [each for each in places if not stream.startswith((b"$IMEI=", b"T$IMEI="), each)])
    events = [_events(kind, whole(stream)), _events(kind, cut)]
    assert _comparable(events[0]) == _comparable(events[1]) or len(stream) > PIECE
    if kind == 3 or (kind == 0 and b"$" not in stream):
        mark = b"hb" if kind == 3 else KEEPALIVE
        passed = b"".join(event.payload for event in events[0] if isinstance(event, Data))
        assert passed == stream.replace(mark, b"")
        assert events[0].count(Keepalive()) == stream.count(mark)


def _events(kind: int, cut: Sequence[bytes]) -> list[WireEvent]:
    if kind == 3:
        return heard(RawConnection(b"hb"), cut)
    hello = Hello(driver="irz", modem="868441036775234", imei="868441036775234", encapsulated=kind > 0)
    connection = IrzConnection(hello)
    if kind == 2:
        connection.answer(_NOON)
        connection.send_command("cell", {})
    try:
        return heard(connection, cut)
    except RemoteProtocolError:
        return []


def _comparable(events: list[WireEvent]) -> list[WireEvent]:
    """Leave out what a cut may change: `AT` of a hello passed on, and why something was ignored."""
    kept: list[WireEvent] = []
    for event, following in zip(events, [*events[1:], None], strict=False):
        if isinstance(event, Data) and isinstance(following, FreshHello):
            event = Data(event.payload.rstrip(b"AT"))
        if isinstance(event, Ignored):
            event = Ignored(event.raw, "")
        if event != Data(b""):
            kept.append(event)
    return joined(kept)


def fuzz_config(data: bytes) -> None:
    """A configuration file."""
    (_FOLDER / "irzhub.yaml").write_bytes(data)
    try:
        load_settings(_FOLDER, {})
    except ConfigError as error:
        assert len(str(error)) < 1000 + 200 * len(data)


def fuzz_automations(data: bytes) -> None:
    """A file of automations; every template in it is rendered too."""
    (_FOLDER / "automations.yaml").write_bytes(data)
    found = read_rules_file(_FOLDER)
    assert all(len(str(problem)) < 1000 + 200 * len(data) for problem in found.problems)
    for rule in () if found.problems else found.rules:
        for action in walk(rule.actions):
            if isinstance(action, TellAction):
                _render(action.text)


def _render(source: str) -> None:
    with contextlib.suppress(TemplateFailed):
        assert len(_TEMPLATES.render(source, _VALUES)) <= LONGEST_TEXT


def fuzz_template(data: bytes) -> None:
    """A template: refused when it is read, or it gives a text or says why not, soon."""
    with contextlib.suppress(TemplateRefused):
        _render(check_template(data.decode("utf-8", "replace")))


def fuzz_mqtt(data: bytes) -> None:
    """A message from the broker: its topic, a byte FF, its payload."""
    name, _, payload = data.partition(TOPIC_END)
    topics = Topics("irzhub")
    text = name.decode(errors="replace")
    if (topic := topics.parse(text)) is not None and topic.modem is not None:
        assert is_modem_id(topic.modem)
    topics.may_answer_to(text)
    try:
        fields = decode_object(payload)
        transaction = transaction_of(fields)
        parse_command(fields)
        assert json.loads(Reply(transaction, "ok").encode(), parse_constant=_no_constant)["transaction"] == transaction
    except PayloadError as error:
        assert len(str(error)) < 1000
    for read in (decode_level, decode_event, lambda raw: decode_state("868441036775234", raw)):
        with contextlib.suppress(PayloadError):
            read(payload)


def _no_constant(word: str) -> None:
    raise AssertionError(f"{word} is no JSON and was published")


def fuzz_json(data: bytes) -> None:
    """A body of a request to the API: whatever is taken can be written again and stored as UTF-8."""
    try:
        value = parse_json(data)
    except BadJson as error:
        str(error).encode()
        return
    assert parse_json(json.dumps(value, ensure_ascii=False, allow_nan=False).encode()) == value


def fuzz_backup(data: bytes) -> None:
    """A backup: as it is, or, behind a byte 01, put together from a manifest and parts with the right checksums."""
    if data[:1] == b"\x01":
        data = _packed(*data[1:].split(PART_END))
    file = _FOLDER / "backup.zip"
    file.write_bytes(data)
    try:
        with BackupReader(file) as reader:
            for name, section in SECTIONS.items():
                for row in reader.read_part(name):
                    parse_row(section, row)
    except BackupError as error:
        assert str(error)


def _packed(manifest: bytes, *parts: bytes) -> bytes:
    rows = dict(zip(SECTIONS, [*parts, *[b""] * len(SECTIONS)], strict=False))
    with contextlib.suppress(ValueError, RecursionError):
        if isinstance(fields := json.loads(manifest), dict):
            sums = {
                name: {"rows": part.count(b"\n"), "sha256": hashlib.sha256(part).hexdigest()}
                for name, part in rows.items()
            }
            manifest = json.dumps({**fields, "parts": sums}).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in rows.items():
            archive.writestr(f"{name}.jsonl", part)
        archive.writestr("manifest.json", manifest)
    return packed.getvalue()


def fuzz_decode(data: bytes) -> None:
    """What `irzhub decode` is given: hex, a listing, a flight recorder's dump, a capture, bytes of the wire."""
    try:
        for line in decode_lines(data):
            assert line.isprintable()
    except ValueError as error:
        assert len(str(error)) < 1000


def fuzz_at(data: bytes) -> None:
    """What a GSM modem says: unasked, to a question, to a list, before a prompt, as the first byte chooses."""
    assert _at(whole(data)) == _at(byte_by_byte(data))


def _at(cut: Sequence[bytes]) -> list[AtEvent]:
    engine, first = AtEngine(), b"".join(cut)[:1]
    command, prefix = {b"1": ("AT+CSQ", "+CSQ:"), b"2": ("AT+CMGL=4", "+CMGL:")}.get(first, ("AT+CMGS=20", "+CMGS:"))
    if first != b"0":
        engine.begin(command, prefix, prompt=command.startswith("AT+CMGS"))
    found = []
    for piece in cut:
        found += engine.receive(piece)
        assert len(engine._buffer) <= LONGEST_LINE
    return found


def fuzz_sms(data: bytes) -> None:
    """A PDU of a GSM modem, and its text put together with itself."""
    try:
        found = decode_incoming(data.hex())
    except BadPdu as error:
        assert str(error).isprintable()
        return
    if isinstance(found, Deliver):
        for each in Reassembly().add(found, 0.0):
            each.text.encode()
            assert len(each.text) <= 2 * len(data)


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "hello": fuzz_hello,
    "frames": fuzz_frames,
    "connection": fuzz_connection,
    "config": fuzz_config,
    "automations": fuzz_automations,
    "template": fuzz_template,
    "mqtt": fuzz_mqtt,
    "json": fuzz_json,
    "backup": fuzz_backup,
    "decode": fuzz_decode,
    "at": fuzz_at,
    "sms": fuzz_sms,
}
