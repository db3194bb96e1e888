"""What a kind of job says of itself, and what it gets for each modem."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from irzhub.core.exceptions import IrzhubError

Args: TypeAlias = Mapping[str, Any]


class JobRefused(IrzhubError):
    """A job that cannot be begun: its arguments or its modems are not such as its kind takes."""


def _told_nobody(_result: dict[str, Any]) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobItem:
    """One modem of a job, for `JobKind.run`.

    Args:
        args: the job's, with those of this modem over them. attempt: 1, then 2 after the first retry, and so on.
        is_repeat: it was begun before a restart of the hub; nobody knows how far it came.
        key: unique for this attempt, the same after a restart; expires_at, origin: as a command takes them.
        so_far: the result of the attempt before this one, or what this one told before a restart.
        tell: keeps how far it is, to be `so_far` the next time, and shows it to people: no secret may be in it.
    """

    job: str
    position: int
    modem: str
    args: Args = field(repr=False)
    attempt: int
    is_repeat: bool
    origin: str
    expires_in_s: float
    so_far: Mapping[str, Any] = field(default_factory=dict)
    tell: Callable[[dict[str, Any]], None] = field(default=_told_nobody, repr=False, compare=False)

    @property
    def key(self) -> str:
        """A name of this very attempt that outlives restarts."""
        return f"{self.job}/{self.position}/{self.attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    """How one modem's item ended; `result` is shown to people, so it holds no secret."""

    status: Literal["done", "failed", "expired", "cancelled"]
    result: dict[str, Any] = field(default_factory=dict)
    error: str | None = None


def _never(_args: Args) -> bool:
    return False


def _always(_args: Args) -> bool:
    return True


def _anything(_args: Args) -> None:
    return None


def _as_it_is(args: Args) -> dict[str, Any]:
    return dict(args)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """One kind of job.

    Args:
        name: such as `command`.
        run: carries out one item and says how it ended; what it raises counts as failed. It may be cancelled when
            the hub stops, and is then called again after the start with `is_repeat`.
        is_dangerous: whether the change can cut modems off, so that for many it is approved and goes in steps.
        reconnects: whether the modem dials in anew when it is done; only then does it count as back.
        needs_link: whether an absent modem's item waits for its return instead of being begun.
        concurrency: how many items run at once, over all jobs of this kind.
        check: refuses wrong arguments by `JobRefused`, before the job exists.
        cancel: asks a running item to end; `run` then tells how it ended.
        show: the arguments without secrets, for people.
        forget: the arguments without secrets, to be kept when the job has ended; also those of single modems.
    """

    name: str
    run: Callable[[JobItem], Awaitable[ItemResult]]
    is_dangerous: Callable[[Args], bool] = _never
    reconnects: Callable[[Args], bool] = _always
    needs_link: Callable[[Args], bool] = _always
    concurrency: int = 32
    check: Callable[[Args], None] = _anything
    cancel: Callable[[JobItem], Awaitable[None]] | None = None
    show: Callable[[Args], dict[str, Any]] = _as_it_is
    forget: Callable[[Args], dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job that somebody wants.

    Args:
        modems: ids, each once. target: the same as it was asked for, to be shown.
        args: what the kind takes. item_args: what is different for single modems.
        expires_in_s: what has not been begun by then never is.
        created_by: who approves must be somebody else.
    """

    kind: str
    modems: tuple[str, ...]
    args: dict[str, Any] = field(default_factory=dict, repr=False)
    item_args: Mapping[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    target: dict[str, Any] = field(default_factory=dict)
    expires_in_s: float = 86400.0
    created_by: str
