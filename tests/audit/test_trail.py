"""What comes into the audit: no secret, nothing endless, and only what differs."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from irzhub.audit.trail import HIDDEN, AuditTrail, changes
from irzhub.core.bus import Bus
from irzhub.core.health import Health
from irzhub.storage.audit import AuditRow, read_audit, verify_audit
from irzhub.storage.local import LocalStore

NOW = datetime(2026, 11, 21, 18, 57, 3, 120000, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[LocalStore]:
    async with LocalStore(tmp_path) as opened:
        yield opened


async def test_a_row_is_on_the_disk_when_it_was_recorded_and_the_copies_are_told(store: LocalStore) -> None:
    health = Health(Bus())
    trail = AuditTrail(store, health, key="a key of the audit")
    told: list[AuditRow] = []
    trail.listeners.append(told.extend)

    await trail.record(AuditRow(ts=NOW, actor="анна", action="edit_modem"))

    rows = await store.read(lambda connection: read_audit(connection, 0, 10))
    assert rows == told
    assert (rows[0].seq, rows[0].actor) == (1, "анна")
    assert (await store.read(lambda connection: verify_audit(connection, b"a key of the audit"))).fault is None
    assert (await trail.verify()).fault is None
    assert (await AuditTrail(store, health).verify()).fault is not None, "without the key nothing fits"
    part = health.get("audit")
    assert part is not None
    assert part.state == "up"


async def test_secrets_are_hidden_wherever_they_stand(store: LocalStore) -> None:
    trail = AuditTrail(store, Health(Bus()))
    after = {"password": "x1y2z3", "list": [{"apn_password": "x1y2z3"}], "psw": None, "pin": 3, "name": "дом"}

    await trail.record(AuditRow(ts=NOW, actor="a" * 300, action="x", after=after, object={"token": "x1y2z3"}))

    row = (await store.read(lambda connection: read_audit(connection, 0, 1)))[0]
    assert "x1y2z3" not in json.dumps(row.to_json())
    assert row.after == {"password": HIDDEN, "list": [{"apn_password": HIDDEN}], "psw": None, "pin": 3, "name": "дом"}
    assert len(row.actor) == 100


async def test_what_is_endless_is_left_out_and_said(store: LocalStore) -> None:
    trail = AuditTrail(store, Health(Bus()))

    await trail.record(AuditRow(ts=NOW, actor="a", action="x", before={"text": "x" * 10_000}))

    row = (await store.read(lambda connection: read_audit(connection, 0, 1)))[0]
    assert row.before == {"left_out": "more than 8192 characters", "members": ["text"]}


async def test_a_store_that_does_not_write_harms_nobody_and_is_seen(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    health = Health(Bus())
    trail = AuditTrail(LocalStore(tmp_path), health)  # never opened

    await trail.record(AuditRow(ts=NOW, actor="анна", action="edit_modem"))

    part = health.get("audit")
    assert part is not None
    assert part.state == "down"
    assert 'not written into the audit: {"seq": 0' in caplog.text


def test_only_what_differs_is_kept() -> None:
    assert changes({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == ({"b": 2, "c": None}, {"b": 3, "c": 4})
    assert changes(None, {"a": 1}) == (None, {"a": 1})
    assert changes({"a": 1}, None) == ({"a": 1}, None)
