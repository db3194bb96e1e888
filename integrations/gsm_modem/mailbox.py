"""The SMS that a modem keeps: which of them may be taken out now.

Parts of a longer text stay on the SIM card until all of them are there, so that no end of the hub loses one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from .at import fields_of
from .pdu import BadPdu, Deliver, StatusReport, decode_incoming

_PATIENCE_S: Final = 3600.0
ROOM: Final = 10
"""SMS that may lie on a SIM card; the smallest ones hold twenty, and a full one takes nothing any more."""
_FOR_SENDING: Final = ("2", "3")
_Key: TypeAlias = tuple[str, int, int, bool]


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in one place of the modem's memory; `error` says why it cannot be read."""

    place: int
    found: Deliver | StatusReport | None
    error: str = ""


def read_list(lines: Iterable[str]) -> list[Kept]:
    """Return what `AT+CMGL` lists, without what somebody keeps there for sending."""
    kept, following = [], iter(lines)
    for line in following:
        fields = fields_of(line.partition(":")[2]) if line.startswith("+CMGL:") else []
        if len(fields) < 2 or not re.fullmatch(r"[0-9]{1,4}", fields[0], re.ASCII):
            continue
        pdu = next(following, "")
        if fields[1] not in _FOR_SENDING:
            kept.append(_read(int(fields[0]), pdu, fields[-1]))
    return kept


class Mailbox:
    """Remembers since when parts wait for the others."""

    def __init__(self) -> None:
        self._since: dict[_Key, float] = {}

    def choose(self, kept: Sequence[Kept], now: float) -> list[Kept]:
        """Return what is to be taken out: all but parts whose text is not whole yet, while there is room for them."""
        groups: defaultdict[_Key, list[Kept]] = defaultdict(list)
        for each in kept:
            if (key := _key_of(each)) is not None:
                groups[key].append(each)
        self._since = {key: self._since.get(key, now) for key in groups}
        is_crowded = len(kept) > ROOM
        waiting = {
            key
            for key, parts in groups.items()
            if not (is_crowded or _is_whole(parts, key[2]) or now - self._since[key] >= _PATIENCE_S)
        }
        return [each for each in kept if _key_of(each) not in waiting]


def _read(place: int, pdu: str, length: str) -> Kept:
    try:
        told = int(length) if re.fullmatch(r"[0-9]{1,3}", length, re.ASCII) else None
        return Kept(place, decode_incoming(pdu, told))
    except BadPdu as error:
        return Kept(place, None, str(error))


def _key_of(kept: Kept) -> _Key | None:
    if not isinstance(kept.found, Deliver) or (part := kept.found.part) is None:
        return None
    return kept.found.number, part.reference, part.total, part.is_wide


def _is_whole(parts: list[Kept], total: int) -> bool:
    numbers = {each.found.part.number for each in parts if isinstance(each.found, Deliver) and each.found.part}
    return len(numbers) == total
