"""The audit: rows that are only ever added, each bound to the one before by its hash.

A row's hash is SHA-256 (HMAC-SHA-256 where a key is set) of its canonical JSON, in which stands the hash of
the row before. Whoever changes, removes, adds or reorders a row breaks the chain there. The number and hash of
the newest row are kept apart, so that a cut end is seen too; and so are those of the last row that went by age.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select

from irzhub.core.clock import format_time
from irzhub.storage.meta import get_meta, set_meta
from irzhub.storage.rows import row_values
from irzhub.storage.tables_local import audit
from irzhub.storage.types import to_json

_HEAD: Final = "audit.head"
_ANCHOR: Final = "audit.anchor"
_NOTHING: Final = "0" * 64
_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One thing that somebody did or tried.

    Args:
        actor: name of the user or token, `cli:USER` of the command line, `hub` for the hub, empty for a stranger.
        role, organisation: the actor's at that time. source: the address it came from.
        action: name of the route, or what happened in a word. object: what it was done to, by kind.
        result: `ok`, `refused` or `failed`. status: of HTTP. before, after: what was changed.
        seq, previous, hash: given by the chain.
    """

    ts: datetime
    actor: str
    action: str
    role: str = ""
    organisation: str = ""
    source: str = ""
    modem: str | None = None
    object: dict[str, Any] = field(default_factory=dict)
    result: str = "ok"
    status: int | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    request_id: str | None = None
    seq: int = 0
    previous: str = ""
    hash: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the row as JSON values, in the table's order."""
        values = row_values(self)
        names = ("seq", "ts", "actor", "role", "organisation", "source", "action", "modem", "object", "result")
        more = ("status", "before", "after", "request_id", "previous", "hash")
        return {**{name: values[name] for name in names + more}, "ts": format_time(self.ts)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look over the whole chain found: `fault` says in words what is wrong, None when nothing is."""

    rows: int
    first: int
    last: int
    fault: str | None = None


def row_hash(row: AuditRow, key: bytes | None = None) -> str:
    """Return the hash that belongs to a row, from all its other fields."""
    values = row.to_json()
    del values["hash"]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    raw = text.encode("utf-8", "replace")
    return hashlib.sha256(raw).hexdigest() if key is None else hmac.new(key, raw, hashlib.sha256).hexdigest()


def append_audit(connection: Connection, rows: Sequence[AuditRow], key: bytes | None = None) -> list[AuditRow]:
    """Add rows to the chain; return them as they are stored. The transaction must hold the lock for writing."""
    seq, previous = _mark(connection, _HEAD)
    stored = []
    for row in rows:
        seq += 1
        plain = replace(row, seq=seq, previous=previous, ts=_cut(row.ts), **_stored_json(row))
        stored.append(replace(plain, hash=row_hash(plain, key)))
        previous = stored[-1].hash
    if stored:
        connection.execute(insert(audit), [row_values(row) for row in stored])
        _set_mark(connection, _HEAD, seq, previous)
    return stored


def read_audit(connection: Connection, after_seq: int, limit: int) -> list[AuditRow]:
    """Return at most `limit` rows behind a number, from old to new."""
    statement = select(audit).where(audit.c.seq > after_seq).order_by(audit.c.seq).limit(limit)
    return [_row(each) for each in connection.execute(statement).mappings()]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which rows are wanted; None asks nothing. `organisations` are those whose people's rows may be seen."""

    before_seq: int | None = None
    actor: str | None = None
    action: str | None = None
    modem: str | None = None
    result: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    organisations: frozenset[str] | None = None

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """Return the statement with what is asked."""
        for name in ("actor", "action", "modem", "result"):
            if (wanted := getattr(self, name)) is not None:
                statement = statement.where(audit.c[name] == wanted)
        if self.before_seq is not None:
            statement = statement.where(audit.c.seq < self.before_seq)
        if self.since is not None:
            statement = statement.where(audit.c.ts >= self.since)
        if self.until is not None:
            statement = statement.where(audit.c.ts < self.until)
        if self.organisations is not None:
            statement = statement.where(audit.c.organisation.in_(sorted(self.organisations)))
        return statement


def find_audit(connection: Connection, wanted: AuditFilter, limit: int) -> list[AuditRow]:
    """Return at most `limit` rows that match, from new to old."""
    statement = wanted.narrow(select(audit)).order_by(audit.c.seq.desc()).limit(limit)
    return [_row(each) for each in connection.execute(statement).mappings()]


def purge_audit(connection: Connection, before: datetime, up_to_seq: int, limit: int = _AT_ONCE) -> int:
    """Remove at most `limit` of the oldest rows, those before a time and up to a number; return how many went.

    The chain goes on from the last one that went, whose number and hash are kept.
    """
    statement = select(audit.c.seq, audit.c.ts, audit.c.hash).where(audit.c.seq <= up_to_seq)
    going = []
    for row in connection.execute(statement.order_by(audit.c.seq).limit(limit)):
        if row.ts >= before:
            break
        going.append(row)
    if going:
        connection.execute(delete(audit).where(audit.c.seq <= going[-1].seq))
        _set_mark(connection, _ANCHOR, going[-1].seq, going[-1].hash)
    return len(going)


def verify_audit(connection: Connection, key: bytes | None = None) -> Verdict:
    """Look over the whole chain; the first fault is told with the number of its row."""
    begin, previous = _mark(connection, _ANCHOR)
    head, head_hash = _mark(connection, _HEAD)
    count, last = 0, begin
    for row in _all(connection, begin):
        if row.seq != last + 1:
            missing = str(last + 1) if row.seq == last + 2 else f"{last + 1} to {row.seq - 1}"
            return Verdict(count, begin + 1, last, f"row {missing} is missing")
        if not hmac.compare_digest(row.hash, row_hash(row, key)):
            return Verdict(count, begin + 1, last, f"row {row.seq} was changed, or the key is another one")
        if row.previous != previous:
            return Verdict(count, begin + 1, last, f"row {row.seq} does not follow row {last}: one was put in or moved")
        count, last, previous = count + 1, row.seq, row.hash
    if last != head:
        return Verdict(count, begin + 1, last, f"row {last + 1} to {head} is missing at the end")
    if previous != head_hash:
        return Verdict(count, begin + 1, last, f"row {last} is not the one that was written last")
    return Verdict(count, begin + 1, last)


def _all(connection: Connection, after_seq: int) -> Iterator[AuditRow]:
    # A row whose number is below the beginning was put in: the gap shows it.
    stray = connection.execute(select(audit).where(audit.c.seq <= after_seq).order_by(audit.c.seq)).mappings().first()
    if stray is not None:
        yield _row(stray)
    while batch := read_audit(connection, after_seq, _AT_ONCE):
        yield from batch
        after_seq = batch[-1].seq


def _mark(connection: Connection, key: str) -> tuple[int, str]:
    if (text := get_meta(connection, key)) is None:
        return 0, _NOTHING
    seq, _, hash_ = text.partition(" ")
    return int(seq), hash_


def _set_mark(connection: Connection, key: str, seq: int, hash_: str) -> None:
    set_meta(connection, key, f"{seq} {hash_}")


def _cut(moment: datetime) -> datetime:
    # As it comes back from the table; the hash must be of what is stored.
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _stored_json(row: AuditRow) -> dict[str, Any]:
    return {name: json.loads(to_json(getattr(row, name))) for name in ("object", "before", "after")}


def _row(row: RowMapping) -> AuditRow:
    return AuditRow(**row)
