"""The kind of job that wakes many modems, a few at a time."""

from typing import Final

from irzhub.core.services import WakeModem
from irzhub.fleet.job_kind import ItemResult, JobItem, JobKind
from irzhub.fleet.wake import WakeDesk

WAKE_JOB: Final = "wake"


def wake_kind(desk: WakeDesk, concurrency: int) -> JobKind:
    """Return the kind `wake`; it takes no arguments. A modem that is online already is done."""

    async def run(item: JobItem) -> ItemResult:
        outcome = await desk.run(WakeModem(modem=item.modem, reason=item.origin, timeout_s=item.expires_in_s))
        result = {"by": outcome.by, "took_s": outcome.took_s}
        return ItemResult(status="done" if outcome.status == "online" else "failed", result=result, error=outcome.error)

    return JobKind(
        name=WAKE_JOB,
        run=run,
        reconnects=lambda _args: False,
        needs_link=lambda _args: False,
        concurrency=concurrency,
    )
