"""Why an input shows no level, or an old one, and which lines of settings would mend it (docs/protocol.md 2)."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from irzhub.core.state import ModemState

Reason: TypeAlias = Literal["offline", "no_encapsulation", "pin_is_output", "not_asked", "sending_not_set"]
PINS: Final = (1, 2, 3)
"""The pins that can be inputs."""


@dataclass(frozen=True, slots=True)
class InputReason:
    """Why one input is grey: `mend` holds AT lines for the settings dialogue, empty where none would help."""

    pin: int
    reason: Reason
    mend: tuple[str, ...] = ()


def gpi_reasons(state: ModemState) -> tuple[InputReason, ...]:
    """Return for each input that shows no live level why that is; none for those that do."""
    return tuple(reason for pin in PINS if (reason := _reason(state, pin)) is not None)


def _reason(state: ModemState, pin: int) -> InputReason | None:
    connection = state.channel or 1
    if state.encapsulated is False:
        # Without frames neither questions nor reports can pass beside the meter's bytes.
        return InputReason(
            pin, "no_encapsulation", (f"AT$CLNT_SET{connection}=1,0,0,1", *_input_lines(pin, connection))
        )
    if pin in state.gpo:
        return InputReason(pin, "pin_is_output", _input_lines(pin, connection))
    if state.link != "online" or not state.confirmed:
        return InputReason(pin, "offline")
    if state.gpi.get(pin) is not None:
        return None
    if not state.gpi and not state.gpo:
        return InputReason(pin, "not_asked")
    return InputReason(pin, "sending_not_set", _input_lines(pin, connection))


def _input_lines(pin: int, connection: int) -> tuple[str, ...]:
    return (f"AT$GPIO_SET{pin}=0,0", f"AT$GPIO_IFNC{pin}=0", f"AT$GPIO_SEND{pin}={connection}")
