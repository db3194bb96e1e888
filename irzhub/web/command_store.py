"""Commands that were sent through REST, with what became of them; kept in memory, bounded."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from irzhub.core.clock import Clock, format_time
from irzhub.core.services import MODEM_COMMAND, CommandOutcome, ModemCommand, Services
from irzhub.core.tasks import Tasks
from irzhub.core.ulid import new_ulid

CommandStatus: TypeAlias = Literal["queued", "sent", "done", "failed", "expired", "cancelled"]

_KEPT: Final = 10_000
_PENDING: Final = 2_000
_FROM_OUTCOME: Final[dict[str, CommandStatus]] = {"ok": "done", "expired": "expired"}


@dataclass(slots=True, kw_only=True)
class CommandRecord:
    """One command: what was asked and how it stands. `result` is what the modem said."""

    id: str
    modem: str
    command: str
    args: dict[str, Any]
    status: CommandStatus
    created_at: datetime
    expires_at: datetime
    finished_at: datetime | None = None
    result: dict[str, Any] | None = None
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the command object of REST."""
        return {
            "id": self.id,
            "modem": self.modem,
            "command": self.command,
            "args": self.args,
            "status": self.status,
            "result": self.result,
            "error": self.error,
            "created_at": format_time(self.created_at),
            "expires_at": format_time(self.expires_at),
            "finished_at": None if self.finished_at is None else format_time(self.finished_at),
        }


@dataclass(slots=True)
class CommandStore:
    """Hands commands to the service `modem.command` and remembers the last 10,000 of them."""

    services: Services
    clock: Clock
    tasks: Tasks
    _records: OrderedDict[str, CommandRecord] = field(default_factory=OrderedDict)
    _pending: int = 0

    @property
    def is_full(self) -> bool:
        """Whether so many commands wait for their end that no more are taken."""
        return self._pending >= _PENDING

    def send(self, command: ModemCommand) -> CommandRecord:
        """Start a command; the record that is returned changes when it ends."""
        now = self.clock.now()
        record = CommandRecord(
            id=new_ulid(int(now.timestamp() * 1000)),
            modem=command.modem,
            command=command.command,
            args=command.args,
            status="queued",
            created_at=now,
            expires_at=command.expires_at,
        )
        self._records[record.id] = record
        self._forget_oldest()
        self._pending += 1
        self.tasks.spawn(self._carry_out(record, command), f"command {record.id}")
        return record

    def get(self, id_: str) -> CommandRecord | None:
        """Return a command by its id; None when it is unknown or long over."""
        return self._records.get(id_)

    def _forget_oldest(self) -> None:
        # Only finished ones go; those that are pending are bounded by themselves.
        while len(self._records) > _KEPT:
            oldest = next((each for each in self._oldest() if each.finished_at is not None), None)
            if oldest is None:
                return
            del self._records[oldest.id]

    def _oldest(self) -> Iterator[CommandRecord]:
        return iter(self._records.values())

    async def _carry_out(self, record: CommandRecord, command: ModemCommand) -> None:
        outcome = CommandOutcome(status="error", error="the hub stopped before the command ended")
        try:
            outcome = await self.services.call(MODEM_COMMAND, command)
        except Exception as error:
            outcome = CommandOutcome(status="error", error="the hub could not carry out the command")
            raise error  # noqa: TRY201 - logged with its trace by the owner of the task
        finally:
            self._pending -= 1
            record.status = _FROM_OUTCOME.get(outcome.status, "failed")
            record.result = dict(outcome.data) if outcome.status == "ok" else None
            record.error = outcome.error
            record.finished_at = self.clock.now()
