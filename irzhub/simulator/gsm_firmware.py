"""What a GSM module answers to AT commands, without I/O: bytes of a program in, bytes for it out.

It is as it has to be for the hub's own GSM modem to work, and as bad as a script wants it to be.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from irzhub.simulator.gsm_pdu import Submitted, build_delivers, build_report, read_submit

_CTRL_Z: Final = 0x1A
_ESCAPE: Final = 0x1B
_LINE_ENDS: Final = b"\r\n"
_RINGS: Final = '"{number}",145,"",0,"",0'


@dataclass
class GsmFirmware:
    """One module with its SIM card and its network; change an attribute and it behaves so from then on.

    Args:
        pin: what opens the SIM card; None: it asks for none. tries: how often it may be asked yet.
        registration: as `+CREG` tells it: 1 home, 2 searching, 3 denied, 5 roaming.
        room: how many SMS the memory holds. is_reporting: the network tells what became of each SMS.
        answer_of_call: what becomes of a call: `rings`, `answers`, `BUSY`, `NO CARRIER` or `NO ANSWER`.
        balance: what the operator answers to a USSD request; None: nothing at all.
        say: sends bytes to the program, whenever the module has something to say.
    """

    pin: str | None = None
    tries: int = 3
    has_sim: bool = True
    registration: int = 1
    csq: int = 21
    operator: str = "MTS RUS"
    imei: str = "861774030000017"
    iccid: str = "89701010066061234567"
    room: int = 20
    is_reporting: bool = True
    answer_of_call: str = "rings"
    balance: str | None = "Баланс: 245,50 р."
    say: Callable[[bytes], None] = lambda _: None
    commands: list[str] = field(default_factory=list)
    submitted: list[str] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)
    memory: dict[int, tuple[str, int]] = field(default_factory=dict)
    is_open: bool = False
    is_deaf: bool = False
    _scripted: dict[str, deque[str | None]] = field(default_factory=dict)
    _echo: bool = True
    _buffer: bytearray = field(default_factory=bytearray)
    _is_text: bool = False
    _length: int = 0
    _reference: int = 0
    _is_calling: bool = False

    def expect(self, command: str, *answers: str | None) -> None:
        """Answer the next commands that begin so with these texts, in order; None: with nothing."""
        self._scripted.setdefault(command, deque()).extend(answers)

    def receive(self, data: bytes) -> Iterator[str]:
        """Take bytes of the program; yield what is to be answered, each when it is due."""
        if self.is_deaf:
            return
        for octet in data:
            if self._is_text and octet in (_CTRL_Z, _ESCAPE):
                text, self._is_text = bytes(self._buffer).decode("ascii", "replace").strip(), False
                self._buffer.clear()
                yield self._sent(text) if octet == _CTRL_Z else "\r\nOK\r\n"
            elif not self._is_text and octet in _LINE_ENDS:
                command = bytes(self._buffer).decode("ascii", "replace").strip("\0 \x1b")
                self._buffer.clear()
                if command:
                    yield from self._command(command)
            else:
                self._buffer.append(octet)

    def texts(self) -> list[Submitted]:
        """Return what was sent so far, read."""
        return [read_submit(pdu) for pdu in self.submitted]

    def restart(self) -> None:
        """Be as after switching on."""
        self._buffer.clear()
        self._is_text, self._is_calling, self.is_open, self._echo = False, False, False, True

    # What happens in the network.

    def deliver(self, number: str, text: str, reference: int = 1) -> None:
        """An SMS comes in, in as many parts as it needs."""
        for pdu, length in build_delivers(number, text, reference):
            self.deliver_pdu(pdu, length)

    def deliver_pdu(self, pdu: str, length: int) -> None:
        """One PDU comes in; it is kept if there is room for it."""
        if len(self.memory) >= self.room:
            self.say(b"\r\n^SMMEMFULL\r\n")
            return
        place = next(place for place in range(1, self.room + 1) if place not in self.memory)
        self.memory[place] = (pdu, length)
        self.say(f'\r\n+CMTI: "SM",{place}\r\n'.encode())

    def report(self, reference: int, number: str, status: int = 0) -> None:
        """The network tells what became of an SMS."""
        pdu, length = build_report(reference, number, status)
        self.say(f"\r\n+CDS: {length}\r\n{pdu}\r\n".encode())

    def ring(self, number: str, times: int = 1) -> None:
        """Somebody calls; an empty number is withheld."""
        for _ in range(times):
            self.say(b"\r\nRING\r\n")
            if number:
                self.say(f"\r\n+CLIP: {_RINGS.format(number=number)}\r\n".encode())

    def remove_sim(self) -> None:
        """Somebody takes the SIM card out."""
        self.has_sim, self.is_open, self.registration = False, False, 0
        self.say(b"\r\n+CPIN: NOT READY\r\n")

    def insert_sim(self) -> None:
        """Somebody puts it back."""
        self.has_sim, self.registration = True, 1

    # What the program asks.

    def _command(self, command: str) -> Iterator[str]:
        self.commands.append(command)
        if self._echo:
            yield f"{command}\r"
        for beginning, answers in self._scripted.items():
            if command.startswith(beginning) and answers:
                told = answers.popleft()
                if told is not None:
                    yield f"\r\n{told}\r\n"
                return
        yield from self._answer(command)

    def _answer(self, command: str) -> Iterator[str]:
        name, _, rest = command.partition("=")
        if command.startswith("ATD"):
            yield self._dial(command.removeprefix("ATD").rstrip(";"))
        elif name == "AT+CMGS" and rest.isdigit():
            if (trouble := self._trouble()) is not None:
                yield trouble
                return
            self._is_text, self._length = True, int(rest)
            yield "\r\n> "
        elif command == "AT+CFUN=1,1":
            yield _ok()
            self.restart()
        elif (known := self._told(command, name, rest)) is not None:
            yield known
        else:
            yield "\r\nERROR\r\n"

    def _told(self, command: str, name: str, rest: str) -> str | None:
        lines: dict[str, Callable[[], str]] = {
            "AT": _ok,
            "AT+CGMM": lambda: _ok("SIM900R"),
            "AT+CGSN": lambda: _ok(self.imei),
            "AT+CCID": lambda: _ok(f"+CCID: {self.iccid}") if self.has_sim else "\r\n+CME ERROR: 10\r\n",
            "AT+CPIN?": self._sim,
            "AT+CPINR": lambda: _ok(f"+CPINR: SIM PIN,{self.tries},3"),
            "AT+CREG?": lambda: _ok(f"+CREG: 1,{self.registration}"),
            "AT+COPS?": lambda: _ok(f'+COPS: 0,0,"{self.operator}",2' if self.registration in (1, 5) else "+COPS: 0"),
            "AT+CSQ": lambda: _ok(f"+CSQ: {self.csq},0"),
            "AT+CMGL=4": self._listed,
            "AT+CLCC": self._calls,
            "AT+CHUP": self._hung_up,
            "ATH": self._hung_up,
        }
        if command in lines:
            return lines[command]()
        if name in ("AT+CMEE", "AT+CMGF", "AT+CNMI", "AT+CPMS", "AT+CSMS", "AT+CSCS", "AT+CLIP", "AT+CREG") and rest:
            return _ok()
        if command in ("ATE0", "ATE1"):
            self._echo = command == "ATE1"
            return _ok()
        if name == "AT+CPIN":
            return self._unlock(rest.strip('"'))
        if name == "AT+CMGD":
            self.memory.pop(int(rest.split(",")[0]), None)
            return _ok()
        if name == "AT+CUSD":
            return self._ussd(rest)
        return None

    def _sim(self) -> str:
        if not self.has_sim:
            return "\r\n+CME ERROR: 10\r\n"
        if self.pin is None or self.is_open:
            return _ok("+CPIN: READY")
        return _ok("+CPIN: SIM PIN" if self.tries > 0 else "+CPIN: SIM PUK")

    def _unlock(self, pin: str) -> str:
        if self.tries <= 0:
            return "\r\n+CME ERROR: 12\r\n"
        if pin != self.pin:
            self.tries -= 1
            return "\r\n+CME ERROR: 16\r\n"
        self.is_open, self.tries = True, 3
        return _ok()

    def _trouble(self) -> str | None:
        if not self.has_sim:
            return "\r\n+CMS ERROR: 310\r\n"
        return None if self.registration in (1, 5) else "\r\n+CMS ERROR: 331\r\n"

    def _sent(self, pdu: str) -> str:
        try:
            read = read_submit(pdu)
            is_right = len(bytes.fromhex(pdu)) - bytes.fromhex(pdu)[0] - 1 == self._length
        except (ValueError, IndexError, KeyError):
            return "\r\n+CMS ERROR: 304\r\n"
        if not is_right:
            return "\r\n+CMS ERROR: 304\r\n"
        self.submitted.append(pdu)
        self._reference = (self._reference + 1) & 0xFF
        scripted = self._scripted.get("text")
        if scripted:
            told = scripted.popleft()
            return "" if told is None else f"\r\n{told}\r\n"
        text = _ok(f"+CMGS: {self._reference}")
        if self.is_reporting and read.wants_report:
            report, length = build_report(self._reference, read.to)
            text += f"\r\n+CDS: {length}\r\n{report}\r\n"
        return text

    def _listed(self) -> str:
        kept = sorted(self.memory.items())
        return _ok("\r\n".join(f"+CMGL: {place},0,,{length}\r\n{pdu}" for place, (pdu, length) in kept))

    def _dial(self, number: str) -> str:
        self.dialled.append(number)
        if self.answer_of_call in ("BUSY", "NO CARRIER", "NO ANSWER"):
            return f"\r\n{_ok().strip()}\r\n\r\n{self.answer_of_call}\r\n"
        self._is_calling = True
        return _ok()

    def _calls(self) -> str:
        if not self._is_calling:
            return _ok()
        return _ok(f'+CLCC: 1,0,{0 if self.answer_of_call == "answers" else 3},0,0,"{self.dialled[-1]}",145')

    def _hung_up(self) -> str:
        self._is_calling = False
        return _ok()

    def _ussd(self, rest: str) -> str:
        code = re.search(r'"([*#0-9]+)"', rest)
        if code is None or self.balance is None:
            return _ok()
        return _ok() + f'\r\n+CUSD: 0,"{self.balance.encode("utf-16-be").hex().upper()}",72\r\n'


def _ok(line: str = "") -> str:
    return f"\r\n{line}\r\n\r\nOK\r\n" if line else "\r\nOK\r\n"
