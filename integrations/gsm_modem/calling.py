"""One call that rings and is hung up."""

import asyncio
from typing import Final

from irzhub.api import CallOutcome

from .at import fields_of
from .codes import judge
from .link import ModemLink

_LOOK_S: Final = 0.5
_DIAL_S: Final = 15.0
_UNTIL_IT_RINGS_S: Final = 30.0
LONGEST_RING_S: Final = 90.0
_ACTIVE: Final = "0"
_ALERTING: Final = "3"


class CallLine:
    """What the modem says of the call that is under way; its unsolicited lines are told to `ended`."""

    def __init__(self) -> None:
        self._end: asyncio.Future[str] | None = None

    def ended(self, word: str) -> None:
        """The modem says that the call is over."""
        if self._end is not None and not self._end.done():
            self._end.set_result(word)

    async def place(self, link: ModemLink, number: str, ring_s: float) -> CallOutcome:
        """Dial, let it ring for `ring_s` at the most, hang up.

        Raises:
            NoAnswer, Unplugged: the modem, not the one who is called, is in trouble.
        """
        self._end = asyncio.get_running_loop().create_future()
        result = await link.run(f"ATD{number};", _DIAL_S)
        if result.word == "CALL":
            return _outcome(result.text, is_alerting=False)
        if not result.is_ok:
            return CallOutcome(status="failed", error=judge(result)[1])
        try:
            return await self._watch(link, self._end, min(ring_s, LONGEST_RING_S))
        finally:
            self._end = None
            await hang_up(link)

    async def _watch(self, link: ModemLink, end: asyncio.Future[str], ring_s: float) -> CallOutcome:
        loop = asyncio.get_running_loop()
        began, rings_since = loop.time(), None
        while True:
            await asyncio.wait((end,), timeout=_LOOK_S)
            if end.done():
                return _outcome(end.result(), is_alerting=rings_since is not None)
            state = await _look(link)
            now = loop.time()
            if state == _ACTIVE:
                return CallOutcome(status="answered")
            if state in (_ALERTING, "") and rings_since is None:
                rings_since = now
            if state is None and not end.done():
                return _outcome("NO CARRIER", is_alerting=rings_since is not None)
            if rings_since is not None and now - rings_since >= ring_s:
                return CallOutcome(status="rang")
            if rings_since is None and now - began >= _UNTIL_IT_RINGS_S:
                return CallOutcome(status="failed", error=f"it did not ring within {_UNTIL_IT_RINGS_S:g} s")


async def hang_up(link: ModemLink) -> None:
    """End whatever call there is."""
    if not (await link.run("AT+CHUP")).is_ok:
        await link.run("ATH")


async def _look(link: ModemLink) -> str | None:
    """Return the state of the call: a digit of `+CLCC`, empty where the modem cannot tell, None when there is none."""
    result = await link.run("AT+CLCC", prefix="+CLCC:")
    if not result.is_ok:
        return ""
    calls = [fields_of(line.partition(":")[2]) for line in result.lines]
    return next((call[2] for call in calls if len(call) > 2 and call[1] == "0"), None)


def _outcome(word: str, *, is_alerting: bool) -> CallOutcome:
    if word == "BUSY":
        return CallOutcome(status="busy")
    if word == "NO ANSWER" or is_alerting:
        return CallOutcome(status="no_answer")
    return CallOutcome(status="failed", error=f"the network says {word}")
