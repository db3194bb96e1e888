"""What a pool of workers leaves to the pool of the next hub, and whether that can use it (ARCHITECTURE D8)."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import Any, Final, Self

import msgspec

from irzhub.core.handover import Handover
from irzhub.relay import front, worker_child
from irzhub.relay.front import FrontNote
from irzhub.relay.settings import RelaySettings
from irzhub.relay.worker_child import WorkerNote
from irzhub.relay.worker_messages import schema_digest

_log = logging.getLogger(__name__)
_END_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class PoolNote:
    """The port for modems and the workers of the hub before, all of them open and alive.

    Args:
        schema: of the messages that the workers speak.
        settings: what they were told at their start, as `settings_text` gives it.
    """

    schema: str
    settings: str
    front: FrontNote
    workers: tuple[WorkerNote, ...]

    @classmethod
    def read(cls, note: dict[str, Any], handover: Handover) -> Self:
        """Return the note that `WorkerPool.leave` made, with its descriptors claimed."""
        return cls(
            schema=note["schema"],
            settings=note["settings"],
            front=front.read_note(note["front"], handover),
            workers=tuple(worker_child.read_note(each, handover) for each in note["workers"]),
        )

    def why_useless(self, workers: int) -> str | None:
        """Say why the workers cannot be kept by a hub that wants so many, None when they can."""
        if self.schema != schema_digest():
            return "this version speaks to its workers in another way"
        if len(self.workers) != workers:
            return f"there were {len(self.workers)} workers and now there are to be {workers}"
        return None

    async def end_workers(self) -> None:
        """End all workers: their modems dial in anew. Returns when their ports are free."""
        for left in self.workers:
            with contextlib.suppress(OSError):  # it has ended already
                left.child.watch()
                left.child.kill()
                await asyncio.wait_for(left.child.wait(), _END_S)
            left.door.close()
            left.hatch.close()


def settings_text(settings: RelaySettings) -> str:
    """Return the settings of a worker, without what is the front's alone, in a form to compare."""
    return msgspec.json.encode(msgspec.structs.replace(settings, host="", port=0)).decode()
