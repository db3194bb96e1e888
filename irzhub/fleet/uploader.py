"""One upload from its first try to the modem's return: what settings and firmware have in common."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from irzhub.fleet.dialogue_desk import DialogueDesk
from irzhub.relay.orders import StartDialogue

RETRIED: Final = frozenset({"disconnected", "timed_out", "worker_lost"})
"""How a dialogue may end for reasons of the link; a refusal is not asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadOrder:
    """What is to be brought to one modem.

    Args:
        key: unique for this attempt of the job, the same after a restart.
        resumes: whether an interrupted one goes on behind the last acknowledged line.
        first: how many lines it has from an earlier order that was interrupted.
        attempts: dialogues at the most. return_within_s: how long the modem may take to be back.
    """

    key: str
    modem: str
    kind: Literal["settings", "firmware"]
    password: str = field(repr=False)
    lines: tuple[bytes, ...] = field(repr=False)
    prefix: str
    line_s: float
    deadline_s: float
    return_within_s: float
    attempts: int = 3
    resumes: bool = False
    first: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadOutcome:
    """How it ended: `reason` is empty when the modem took all, said so and dialled in again.

    Else it is one of `DialogueEnded`, or `not_back`. `was_taken`: the modem has acknowledged all of it.
    """

    reason: str
    detail: str
    acknowledged: int
    total: int
    attempts: int
    was_taken: bool


async def _nothing() -> None:
    return None


class Uploader:
    """Tries a dialogue as often as its order says and waits for the modem's return."""

    def __init__(self, desk: DialogueDesk) -> None:
        self._desk = desk
        self._running: dict[str, str] = {}
        self._cancelled: set[str] = set()

    async def carry_out(
        self,
        order: UploadOrder,
        on_taken: Callable[[], Awaitable[None]] = _nothing,
        on_progress: Callable[[int], None] | None = None,
    ) -> UploadOutcome:
        """Carry out one order; takes as long as the modem's attempts and its return.

        `on_taken` is called when the modem has acknowledged all, before it dials in again; `on_progress` with how many
        lines it has acknowledged.
        """
        first, attempt = min(order.first, len(order.lines)), 0
        try:
            while True:
                attempt += 1
                request = self._running[order.key] = f"{order.key}/{attempt}"
                ended = await self._desk.run(_start(order, request, first), on_progress)
                if not ended.reason:
                    break
                if ended.may_have_applied:  # it may be restarting with them: only then can it be asked again
                    await self._desk.wait_return(order.modem, order.return_within_s)
                if order.key in self._cancelled or ended.reason not in RETRIED or attempt >= order.attempts:
                    return UploadOutcome(
                        reason=ended.reason,
                        detail=ended.detail,
                        acknowledged=ended.acknowledged,
                        total=ended.total,
                        attempts=attempt,
                        was_taken=False,
                    )
                first = min(ended.acknowledged, len(order.lines)) if order.resumes else 0
            await on_taken()
            is_back = await self._desk.wait_return(order.modem, order.return_within_s)
            return UploadOutcome(
                reason="" if is_back else "not_back",
                detail="" if is_back else f"it took all, and has not dialled in for {order.return_within_s:g} s since",
                acknowledged=ended.acknowledged,
                total=ended.total,
                attempts=attempt,
                was_taken=True,
            )
        finally:
            self._running.pop(order.key, None)
            self._cancelled.discard(order.key)

    def cancel(self, key: str) -> None:
        """Call an order off, as long as the modem has not taken all of it."""
        if (request := self._running.get(key)) is not None:
            self._cancelled.add(key)
            self._desk.cancel(request)


def _start(order: UploadOrder, request: str, first: int) -> StartDialogue:
    return StartDialogue(
        request=request,
        modem=order.modem,
        kind=order.kind,
        password=order.password,
        lines=list(order.lines),
        prefix=order.prefix,
        first=first,
        opening_s=order.line_s,
        line_s=order.line_s,
        ending_s=2 * order.line_s,
        deadline_s=order.deadline_s,
    )
