"""What may be done to wake a modem: the rungs of its ladder that it has numbers for, and the text of the SMS."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from irzhub.codec.irz.sms import LONGEST, build_wake_sms
from irzhub.config.settings import Settings
from irzhub.config.wake import WakeLadder
from irzhub.core.exceptions import IrzhubError
from irzhub.core.state import ModemState
from irzhub.fleet.wake_states import Step
from irzhub.storage.modems import ModemRow

_NUMBER: Final = re.compile(r"\+[0-9]{10,15}", re.ASCII)
"""As subscribers have them: short numbers are those of services, and of help in an emergency."""


class WakeRefused(IrzhubError):
    """A modem is not woken; the text says why, for people."""


def ladder_of(settings: Settings, overrides: Mapping[str, Any]) -> WakeLadder:
    """Return the ladder of a modem: the hub's, with what differs for the modem (`config.overrides`)."""
    return dataclasses.replace(settings.relay.polling.wake, **overrides.get("wake", {}))


def plan_steps(ladder: WakeLadder, row: ModemRow, numbers: tuple[str, ...]) -> list[Step]:
    """Return the steps that a modem's numbers allow; `call` and `sms` take the second one where there is no first.

    Raises:
        WakeRefused: there is no number, or none that may be called.
    """
    first, second = row.phone_sim1 or row.phone_sim2, row.phone_sim2
    wanted = [(name, second if name.endswith("2") else first) for name in ladder.steps]
    known = [(name, number) for name, number in wanted if number]
    if not known:
        raise WakeRefused("the number of its SIM card is not known")
    allowed = [(name, number) for name, number in known if is_allowed(number, numbers)]
    if not allowed:
        raise WakeRefused(
            "its number is none of those that may be called (wake.numbers), or not in the form +79211234567"
        )
    waits = {"call": ladder.after_call_s, "sms": ladder.after_sms_s}
    return [Step(name, number, waits[name.rstrip("2")]) for name, number in allowed]


def is_allowed(number: str, beginnings: tuple[str, ...]) -> bool:
    """Say whether a number is a subscriber's and begins as one that may be called."""
    return _NUMBER.fullmatch(number) is not None and number.startswith(beginnings)


def sms_text(settings: Settings, ladder: WakeLadder, state: ModemState) -> str:
    """Return what the SMS says; it holds the modem's SMS password.

    Raises:
        WakeRefused: with the places filled it does not fit one SMS, of which a modem would read the first part only.
    """
    password, address = settings.commands.sms_password, settings.wake.address
    if ladder.sms_text is None:
        is_encapsulated = state.encapsulated is not False
        return build_wake_sms(password, address, ladder.sms_minutes, is_encapsulated=is_encapsulated)
    places = {
        "{password}": password,
        "{address}": address or "",
        "{minutes}": str(ladder.sms_minutes),
        "{imei}": state.imei,
    }
    text = re.sub(r"\{[a-z]+\}", lambda found: places.get(found[0], found[0]), ladder.sms_text)
    if len(text) > LONGEST:
        raise WakeRefused(f"the SMS would have {len(text)} characters, {LONGEST} fit (relay.polling.wake.sms_text)")
    return text


def longest_s(steps: Sequence[Step], ring_s: float) -> float:
    """Return how long the ladder takes at the most, once it is its turn and nobody keeps the GSM modem busy."""
    return sum(step.wait_s + (ring_s if step.kind == "call" else 0.0) for step in steps)
