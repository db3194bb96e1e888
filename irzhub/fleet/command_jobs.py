"""The kind of job that sends one command to many modems."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from irzhub.codec.errors import LocalProtocolError
from irzhub.core.clock import Clock
from irzhub.core.exceptions import CommandError, UnknownModem
from irzhub.core.services import ModemCommand
from irzhub.fleet.commands import CommandDesk
from irzhub.fleet.job_kind import ItemResult, JobItem, JobKind, JobRefused

COMMAND_JOB: Final = "command"
_DANGEROUS: Final = frozenset({"standby", "change_sim", "raw"})
"""Standby takes modems away, another SIM may have no service, and nobody knows what raw bytes do."""
_RECONNECTING: Final = frozenset({"standby", "change_sim", "reboot"})
_STATUS: Final = {"ok": "done", "expired": "expired", "cancelled": "cancelled"}


def command_kind(desk: CommandDesk, clock: Clock, concurrency: int) -> JobKind:
    """Return the kind `command`; its arguments are `command` and `args`, as for one modem.

    Items run in the background: what people want of single modems goes before them.
    """

    async def run(item: JobItem) -> ItemResult:
        command = ModemCommand(
            modem=item.modem,
            command=str(item.args["command"]),
            args=dict(item.args.get("args") or {}),
            expires_at=clock.now() + timedelta(seconds=item.expires_in_s),
            origin=item.origin,
            priority="background",
            dedupe=item.key,
        )
        try:
            outcome = await desk.run(command)
        except (UnknownModem, CommandError) as error:
            return ItemResult(status="failed", error=str(error))
        status: Any = _STATUS.get(outcome.status, "failed")
        return ItemResult(status=status, result=outcome.data, error=outcome.error)

    def check(args: Mapping[str, Any]) -> None:
        command = ModemCommand(
            modem="", command=str(args.get("command")), args=dict(args.get("args") or {}), expires_at=clock.now()
        )
        try:
            desk.templates.check(command)
        except (LocalProtocolError, CommandError) as error:
            raise JobRefused(str(error)) from error

    async def cancel(item: JobItem) -> None:
        desk.cancel_asked_as(item.key)

    return JobKind(
        name=COMMAND_JOB,
        run=run,
        is_dangerous=lambda args: args.get("command") in _DANGEROUS,
        reconnects=lambda args: args.get("command") in _RECONNECTING,
        concurrency=concurrency,
        check=check,
        cancel=cancel,
    )
