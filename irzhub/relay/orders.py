"""What the hub says to the relay (ARCHITECTURE D8); what the relay says is in `messages`.

Times are Unix seconds (float), durations seconds.
"""

from typing import Any

import msgspec

from irzhub.relay.settings import ModemSettings


class Message(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Root of all messages."""


class PutModem(Message, frozen=True):
    """Hub to relay: this modem is known, with these settings; opens, moves or closes its port as they say."""

    settings: ModemSettings


class RemoveModem(Message, frozen=True):
    """Hub to relay: forget this modem, close its port and its session with `reason`."""

    modem: str
    reason: str = "deleted"


class DecideRegistration(Message, frozen=True):
    """Hub to relay: what becomes of the unknown modem of `RegistrationWanted`; an accepted one was put before."""

    request: int
    accepted: bool
    reason: str = ""


class SendCommand(Message, frozen=True):
    """Hub to relay: put a command to a modem; `CommandAnswered` follows, at the latest after `timeout_s`.

    `form`: the template of a text command, None for that of the driver.
    """

    request: str
    modem: str
    command: str
    args: dict[str, Any] = {}
    timeout_s: float = 30.0
    form: str | None = None


class StartDialogue(Message, frozen=True):
    """Hub to relay: bring settings or firmware to a modem on its next connection; `DialogueEnded` follows.

    A session of the modem is ended for it. `kind`: `settings` or `firmware`. `password`: the modem's service
    password. `lines`: AT commands or pages, the last line not among them; `first` of them it has already.
    `deadline_s`: for all of it, the wait for the modem included. The rest is as in `codec.irz.settings_dialogue`.
    """

    request: str
    modem: str
    kind: str
    password: str
    lines: list[bytes]
    prefix: str = "%04d"
    first: int = 0
    answer_end: bytes = b"\r"
    opening_s: float = 30.0
    line_s: float = 30.0
    ending_s: float = 60.0
    deadline_s: float = 1800.0

    def __repr__(self) -> str:
        return f"StartDialogue(request={self.request!r}, modem={self.modem!r}, {len(self.lines)} lines of {self.kind})"


class CancelDialogue(Message, frozen=True):
    """Hub to relay: call a dialogue off; `DialogueEnded` follows unless it is over already."""

    request: str
    modem: str


class KickModem(Message, frozen=True):
    """Hub to relay: end the session of a modem; it will dial in again."""

    modem: str
    reason: str = "kicked"


class KickClient(Message, frozen=True):
    """Hub to relay: disconnect one polling program."""

    modem: str
    client: str


class StopWaiting(Message, frozen=True):
    """Hub to relay: a modem cannot be woken; close the programs that wait for it."""

    modem: str


class ReadRing(Message, frozen=True):
    """Hub to relay: send the flight recorder of a modem (`RingRead`)."""

    request: str
    modem: str


class ReadLine(Message, frozen=True):
    """Hub to relay: say who is connected to a modem's port and who holds its line (`LineRead`)."""

    request: str
    modem: str


class AskSnapshot(Message, frozen=True):
    """Hub to relay: send `Snapshot` now."""


class Drain(Message, frozen=True):
    """Hub to relay: the hub stops; close listeners, then sessions, within `seconds`; `Drained` follows."""

    seconds: float = 5.0
