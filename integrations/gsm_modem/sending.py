"""One SMS through a link, part by part, and what is known of it afterwards."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from .address import BadAddress
from .at import Result
from .codes import Fate, judge
from .link import ModemLink, NoAnswer, Unplugged
from .pdu import build_submits
from .text import TextTooLong, clean_text

Outcome: TypeAlias = Literal["sent", "later", "unknown", "refused"]
_REFERENCE: Final = re.compile(r"\+CMGS: ?([0-9]{1,3})\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sent:
    """How an attempt ended.

    Args:
        outcome: `later`: it did not leave; `unknown`: it, or a part of it, may have left.
        references: the network's numbers of the parts that left. trouble: what went wrong with the modem's link.
        fate: what the modem or the network says is to be done about it.
    """

    outcome: Outcome
    error: str | None = None
    references: tuple[int, ...] = ()
    trouble: NoAnswer | Unplugged | None = field(default=None, compare=False)
    fate: Fate | None = None


async def send_sms(
    link: ModemLink, number: str, text: str, reference: int, *, report: bool, validity_s: float, timeout_s: float
) -> Sent:
    """Send a text, and never raise for what the modem or the network does."""
    try:
        parts = build_submits(number, clean_text(text), reference, report=report, validity_s=validity_s)
    except (BadAddress, TextTooLong) as error:
        return Sent("refused", str(error))
    references: list[int] = []
    for place, part in enumerate(parts, 1):
        where = f"part {place} of {len(parts)}: " if len(parts) > 1 else ""
        try:
            result = await link.send_pdu(part.length, part.hex, timeout_s)
        except (NoAnswer, Unplugged) as trouble:
            has_left = trouble.was_text_sent or place > 1
            return Sent("unknown" if has_left else "later", f"{where}{trouble}", tuple(references), trouble)
        if not result.is_ok:
            return _failed(result, where, tuple(references))
        if (found := _find_reference(result)) is None:
            return Sent("unknown", f"{where}the modem says OK without +CMGS", tuple(references))
        references.append(found)
    return Sent("sent", None, tuple(references))


def _failed(result: Result, where: str, references: tuple[int, ...]) -> Sent:
    fate, why = judge(result)
    error = f"{where}{why}"
    if fate == "refused":
        return Sent("refused", error, references, fate=fate)
    # With a part at the receiver a new attempt is a repeat, so it is told as one.
    outcome: Outcome = "unknown" if fate == "unknown" or references else "later"
    return Sent(outcome, error, references, fate=fate)


def _find_reference(result: Result) -> int | None:
    found = next((match for line in result.lines if (match := _REFERENCE.match(line)) is not None), None)
    return None if found is None else int(found[1]) & 0xFF
