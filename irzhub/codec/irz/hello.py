"""The hello line of an iRZ modem and the answer to it (`docs/protocol.md` 1.2 and 1.3).

Fields are found by key, never by position. What a field may be is decided here once:

- the IMEI is 14-17 ASCII digits; anything else ends the session;
- of a doubled key the first value counts, so that nothing behind the password can replace it;
- a value is printable ASCII without a comma, may be empty and may contain `=`;
- `CHN` is 1..5; empty, `0` and `-1` mean "none"; anything else ends the session, because a guess would
  displace another connection of the same modem;
- `SIM` and `CSQ` outside their range are unknown (None); the text stays in `keys`;
- the firmware is shown as the vendor's tools show it: `VER=01,REV=04,BLD=024.254` is `1.4-024.254`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from ipaddress import IPv4Address
from typing import Final

from irzhub.codec.driver import Hello
from irzhub.codec.errors import LocalProtocolError, RemoteProtocolError

HELLO_START: Final = b"AT$IMEI="
HELLO_LIMIT: Final = 512
HELLO_SILENCE_S: Final = 0.7

DRIVER_NAME: Final = "irz"

_FIRST_FIELD: Final = re.compile(rb"AT\$IMEI=[0-9]{14,17}")
_DIGITS: Final = re.compile(rb"[0-9]{0,17}")
_KEY: Final = re.compile(rb"[A-Z]{2,8}=")
_KEY_BEGINNING: Final = re.compile(rb"[A-Z]{1,8}")
_LONGEST_KEY: Final = 9
_FIELD: Final = re.compile(rb"[ -+\--~]*")  # printable ASCII without the comma
_WHOLE_FIELDS: Final = re.compile(rb"AT\$IMEI=[0-9]{14,17},(?:[A-Z]{2,8}=[ -+\--~]*,)*")
_NUMBER: Final = re.compile(r"[0-9]{1,5}", re.ASCII)
_CHANNEL: Final = re.compile(r"[1-5]", re.ASCII)
_NO_CHANNEL: Final = frozenset({"", "0", "-1"})
_LINE_END: Final = b"\r\n"
_CR, _LF, _COMMA = b"\r", b"\n", b","


class IrzHelloReader:
    """Collects bytes until they are one hello.

    It walks from field to field and never twice over the same one, so that a hello which comes byte by
    byte costs no more than one that comes whole.
    """

    def __init__(self) -> None:
        self._buffer = b""  # never longer than what decides, so that nothing behind it costs anything
        self._behind = b""
        self._skipped = 0  # line ends before the hello
        self._at = 0  # where the field begins that is not read yet
        self._fields: list[bytes] = []
        self._may_end = False  # all that came is whole fields
        self._hello: Hello | None = None

    @property
    def silence_s(self) -> float | None:
        """0.7 s while all that came is whole fields, so that it may be the end; else None."""
        return HELLO_SILENCE_S if self._may_end else None

    @property
    def collected(self) -> bytes:
        """All bytes so far, for the one who finds that this is no hello."""
        return self._buffer + self._behind

    @property
    def leftover(self) -> bytes:
        """What came behind the hello; empty before it is whole."""
        return self._buffer[self._at :] + self._behind if self._hello is not None else b""

    def receive_data(self, data: bytes) -> Hello | None:
        """Take bytes in any cut; return the hello once it is whole.

        Raises:
            RemoteProtocolError: this cannot become a hello, or 512 bytes were not enough for it.
            LocalProtocolError: the hello was whole before; what follows belongs to the connection.
        """
        if self._hello is not None:
            raise LocalProtocolError("the hello is whole; give what follows it to the connection")
        if not self._buffer:
            stripped = data.lstrip(_LINE_END)
            self._skipped += len(data) - len(stripped)
            data = stripped
        # The byte behind the last allowed one may still say that the hello has ended.
        room = max(HELLO_LIMIT + 1 - self._skipped - len(self._buffer), 0)
        self._buffer += data[:room]
        self._behind = data[room:]
        if not self._fields:
            self._read_whole_fields()
        while self._read_field():
            pass
        if self._hello is None:
            self._check_size(self._skipped + len(self._buffer))
        return self._hello

    def receive_silence(self) -> Hello | None:
        """Return the hello if it may end here: behind a comma or a CR."""
        if self._may_end:
            if last := self._buffer[self._at :].removesuffix(_CR):
                self._add(last)
            self._finish(len(self._buffer))
        return self._hello

    def _read_whole_fields(self) -> None:
        """Take all fields at once that came whole: nearly every hello comes in one piece."""
        if (match := _WHOLE_FIELDS.match(self._buffer)) is not None:
            self._fields = match.group()[:-1].split(_COMMA)
            self._at = match.end()

    def _read_field(self) -> bool:
        """Take one more field from the buffer, or the end of the line; say whether there may be another."""
        self._may_end = False
        if self._fields and self._has_ended():
            return False
        match = _FIELD.match(self._buffer, self._at)
        assert match is not None  # the pattern matches nothing too
        field, end = match.group(), match.end()
        if not self._fields:
            self._check_beginning(field)
        stop = self._buffer[end : end + 2]
        if stop in (b"", _CR):
            self._may_end = stop == _CR  # the LF behind it may still come
            return False
        self._add(field)
        if stop[:1] == _COMMA:
            self._at = end + 1
            return True
        if stop[:1] not in (_CR, _LF):
            raise RemoteProtocolError(f"expected printable ASCII in the hello, got {stop[0]:02X} at byte {end}")
        self._finish(end + (2 if stop == _LINE_END else 1))
        return False

    def _has_ended(self) -> bool:
        """Whether there is no other field behind the last comma, or none yet; the end of the hello if it is certain."""
        rest = self._buffer[self._at : self._at + _LONGEST_KEY]
        if rest in (b"", _CR):
            self._may_end = True
            return True
        if _KEY.match(rest) or _KEY_BEGINNING.fullmatch(rest):
            return False
        line_end = 2 if rest.startswith(_LINE_END) else rest.startswith((_CR, _LF))
        self._finish(self._at + line_end)
        return True

    def _check_beginning(self, field: bytes) -> None:
        """Refuse at once what does not begin with `AT$IMEI=` and digits, even when only a part of it is there."""
        if self._buffer and not (field and field.startswith(HELLO_START[: len(field)])):
            raise RemoteProtocolError(f"expected a hello that begins with AT$IMEI=, got {self._buffer[:16]!r}")
        if not _DIGITS.fullmatch(field[len(HELLO_START) :]):
            raise RemoteProtocolError(f"expected an IMEI of 14-17 digits, got {field[len(HELLO_START) :][:24]!r}")

    def _check_size(self, size: int) -> None:
        if size > HELLO_LIMIT:
            raise RemoteProtocolError(f"expected the end of the hello within {HELLO_LIMIT} bytes, got none")

    def _add(self, field: bytes) -> None:
        if not self._fields and not _FIRST_FIELD.fullmatch(field):
            raise RemoteProtocolError(f"expected AT$IMEI= and 14-17 digits, got {field[:32]!r}")
        self._fields.append(field)

    def _finish(self, end: int) -> None:
        self._may_end = False
        self._hello = _hello_of(self._fields)
        self._at = end


def build_answer(local_time: datetime, end: bytes = b"\r") -> bytes:
    r"""Return the answer that starts normal work, e.g. `20260922140000,MOD=DAT,\r`.

    Args:
        local_time: the time of the modem's site; a modem sets its clock from it.
        end: a single CR; the vendor's emulator rejects CR LF (`docs/protocol.md` 1.3).
    """
    return f"{local_time:%Y%m%d%H%M%S},MOD=DAT,".encode("ascii") + end


def modem_id(imei: str, channel: int | None) -> str:
    """Return the modem's id (`docs/contract.md` 1): the IMEI, with the channel behind it for channels 2..5."""
    return imei if channel in (None, 1) else f"{imei}_{channel}"


def _hello_of(fields: list[bytes]) -> Hello:
    """Give the fields of a whole hello their meaning."""
    keys: dict[str, str] = {}
    for field in [fields[0].removeprefix(b"AT$"), *fields[1:]]:
        key, _, value = field.decode("ascii").partition("=")
        keys.setdefault(key, value)
    imei = keys["IMEI"]
    channel = _channel(keys.get("CHN", ""))
    csq = _number(keys.get("CSQ", ""), 31)
    sim = _number(keys.get("SIM", ""), 1)
    return Hello(
        driver=DRIVER_NAME,
        modem=modem_id(imei, channel),
        imei=imei,
        channel=channel,
        password=keys.get("PSW"),
        model=keys.get("DEV") or None,
        firmware=_firmware(keys),
        sim=None if sim is None else sim + 1,
        csq=csq,
        interface=keys.get("INT") or None,
        encapsulated=bool(keys.get("COLPROT")),
        listens_at=_listens_at(keys),
        woken_by=_woken_by(keys.get("TIM", "")),
        keys=keys,
    )


def _number(text: str, largest: int) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) and int(text) <= largest else None


def _channel(text: str) -> int | None:
    if text in _NO_CHANNEL:
        return None
    if not _CHANNEL.fullmatch(text):
        raise RemoteProtocolError(f"expected a channel 1..5 as CHN, got {text[:24]!r}")
    return int(text)


def _firmware(keys: Mapping[str, str]) -> str | None:
    """Return `1.4-024.254`; parts that are missing are left out from the right, without VER there is none."""
    if not (version := keys.get("VER")):
        return None
    text = _without_zeros(version)
    if revision := keys.get("REV"):
        text += f".{_without_zeros(revision)}"
    if build := keys.get("BLD"):
        text += f"-{build}"
    return text


def _without_zeros(text: str) -> str:
    return str(int(text)) if _NUMBER.fullmatch(text) else text


def _listens_at(keys: Mapping[str, str]) -> str | None:
    """Return where a modem in server mode listens; None when it does not, or says so in a way that is no address."""
    port = _number(keys.get("PORT", ""), 65535)
    if keys.get("MOD") != "SRV" or not port:
        return None
    try:
        return f"{IPv4Address(keys.get('IP', ''))}:{port}"
    except ValueError:
        return None


def _woken_by(text: str) -> str | None:
    return {"": None, "CALL": "call", "SMS": "sms"}.get(text, text)
