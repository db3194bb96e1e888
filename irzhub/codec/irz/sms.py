"""Commands as the texts of control SMS (`docs/protocol.md` 2.3), for modems that have no connection."""

import re
from collections.abc import Mapping
from typing import Any, Final

from irzhub.codec.errors import LocalProtocolError
from irzhub.codec.irz.commands import TEMPLATES, build_command

LONGEST: Final = 160
_PASSWORD: Final = re.compile(r"[!-~]{4,6}", re.ASCII)

#: Commands that have a form as SMS; the rest needs a connection.
SMS_COMMANDS: Final = frozenset({"set_output", "pulse", "standby", "reboot"})


def build_sms(command: str, args: Mapping[str, Any], password: str) -> str:
    """Return the text of the SMS that has a modem carry out a command, with arguments as over TCP.

    `password` is the modem's SMS password, 4 to 6 characters.

    Raises:
        LocalProtocolError: it has no form as SMS, or its arguments or the password are wrong.
    """
    if command not in SMS_COMMANDS:
        raise LocalProtocolError(f"expected one of {', '.join(sorted(SMS_COMMANDS))} for SMS, got {command[:40]!r}")
    if not _PASSWORD.fullmatch(password):
        raise LocalProtocolError("expected an SMS password of 4 to 6 characters without spaces")
    # The arguments are the same as over TCP, so the same code judges them; only the form is another.
    build_command(command, args, dict.fromkeys(TEMPLATES, "x"))
    match command:
        case "set_output":
            text = f"gpio{args['output']} set={int(args['on'])}"
        case "pulse":
            text = f"gpio{args['output']} impulse=1"
        case "standby":
            text = "wait on"
        case _:
            text = "reboot"
    return f"{password} {text}"


def build_wake_sms(password: str, address: str | None, minutes: int, *, is_encapsulated: bool) -> str:
    """Return the text of the SMS that has a sleeping modem dial in (`docs/protocol.md` 2.3).

    Args:
        password: the modem's SMS password.
        address: `host:port` where it is to dial; None: where it is set up to, by ending its standby.
        minutes: for how long it dials there; 0: until it restarts.
        is_encapsulated: whether it is to speak in frames.
    """
    if address is None:
        return f"{password} wait off"
    return f"{password} IP{address}TIME{minutes}IRZ" + (",ENC" if is_encapsulated else "")
