"""The ledger of retained topics, over restarts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from irzhub.mqtt.ledger import TopicLedger
from irzhub.mqtt.topics import Topics
from irzhub.storage.local import LocalStore

A, B = "868441036775234", "868441036775235"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[LocalStore]:
    async with LocalStore(tmp_path) as opened:
        yield opened


async def load(store: LocalStore, base: str = "irzhub") -> TopicLedger:
    ledger = TopicLedger(store, Topics(base))
    await ledger.load()
    return ledger


async def test_what_was_noted_is_there_after_a_restart(store: LocalStore) -> None:
    ledger = await load(store)
    await ledger.note([(A, {"state", "gpi/1"}), (B, {"state"})])
    await ledger.note([(A, {"state", "gpo/4"})])
    again = await load(store)

    assert again.names(A) == {"state", "gpi/1", "gpo/4"}
    assert again.names(B) == {"state"}
    assert set(again.modems()) == {A, B}


async def test_what_was_cleared_is_gone(store: LocalStore) -> None:
    ledger = await load(store)
    await ledger.note([(A, {"state", "gpi/1"}), (B, {"state"})])
    await ledger.forget({f"irzhub/modem/{A}/gpi/1": A, f"irzhub/modem/{B}/state": B})

    for each in (ledger, await load(store)):
        assert each.names(A) == {"state"}
        assert set(each.modems()) == {A}


async def test_topics_of_another_base_are_strays_until_cleared(store: LocalStore) -> None:
    await (await load(store)).note([(A, {"state"})])
    moved = await load(store, "site/north")
    assert moved.strays == {f"irzhub/modem/{A}/state": A}
    assert moved.names(A) == frozenset()

    await moved.note([(A, {"state"})])
    await moved.forget(dict(moved.strays))
    again = await load(store, "site/north")
    assert again.strays == {}
    assert again.names(A) == {"state"}


async def test_a_disk_that_takes_nothing_does_not_stop_publishing(tmp_path: Path) -> None:
    async with LocalStore(tmp_path) as store:
        ledger = await load(store)
    await ledger.note([(A, {"state"})])  # a closed store refuses as a full disk does

    assert ledger.names(A) == {"state"}


async def test_equal_sets_are_kept_once(store: LocalStore) -> None:
    ledger = await load(store)
    await ledger.note([(str(868_441_036_000_000 + number), {"state", "availability"}) for number in range(100)])

    assert len({id(ledger.names(modem)) for modem in ledger.modems()}) == 1
