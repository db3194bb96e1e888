"""The door of the outbox: batches, who heard what, whom nobody knows, and ladders that begin."""

import logging
from pathlib import Path

import pytest

from irzhub.alerts.messages import Message
from tests.alerts.outbox_rig import DUTY, DUTY_MAIL, Book, HandClock, message, rig


async def test_a_recovery_reaches_those_who_heard_the_beginning_also_after_a_restart(tmp_path: Path) -> None:
    directory = Book(targets={"duty": (DUTY,), "both": (DUTY, DUTY_MAIL)})
    clock = HandClock()
    async with rig(tmp_path, clock, directory) as hub:
        await hub.outbox.tell(message(1, incident=17))
        await hub.outbox.tell(message(6, rule="door"))
    async with rig(tmp_path, clock, directory) as hub:
        told = await hub.outbox.tell(message(2, incident=17, closes=True, targets=("both",), damp_s=0))
        plain = await hub.outbox.tell(message(3, rule="door", closes=True, targets=("both",), damp_s=0))
        other = await hub.outbox.tell(message(4, incident=18, closes=True, targets=("both",), damp_s=0))
        to_all = await hub.outbox.tell(message(5, rule="incidents", incident=17, closes=True, targets=()))

        rows = [await hub.outbox.get(id_) for id_ in (*told.ids, *plain.ids)]

    assert [(row.channel, row.closes) for row in rows] == [("sms", True), ("sms", True)]
    assert (other.outcome, to_all.outcome) == ("nobody", "folded")


async def test_ladders_begin_with_an_incident_and_end_people_hear_of_it(tmp_path: Path) -> None:
    begun: list[tuple[Message, str]] = []
    async with rig(tmp_path, directory=Book(ladders=frozenset({"тревога"}))) as hub:
        hub.outbox.on_ladder(lambda told, ladder: begun.append((told, ladder)))
        first = message(1, incident=17, targets=("duty", "тревога"))
        await hub.outbox.tell(first)
        await hub.outbox.tell(message(2, incident=17, targets=("тревога",), closes=True))

    assert begun == [(first, "тревога")]


async def test_a_name_of_nobody_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with rig(tmp_path) as hub:
        with caplog.at_level(logging.WARNING):
            told = await hub.outbox.tell(message(targets=("кто-то", "duty")))

    assert len(told.ids) == 1
    assert "rule lost tells кто-то, whom nobody knows" in caplog.text


async def test_one_batch_tells_one_event_once(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        futures = [hub.outbox.tell(message(1, damp_s=0)) for _ in range(3)]
        outcomes = [(await future).outcome for future in futures]

    assert outcomes == ["queued", "repeated", "repeated"]


async def test_a_disk_that_cannot_be_read_keeps_nobody_from_being_told(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        sms = hub.offer("sms")

        async def fails(_job: object) -> None:
            from irzhub.storage.errors import LocalStoreFailed

            raise LocalStoreFailed("disk gone")

        hub.store.read = fails  # type: ignore[method-assign, assignment]
        told = await hub.outbox.tell(message())
        del hub.store.read
        row = await hub.outbox.end_of(told.ids[0], 5) if not sms.taken else None

    assert told.outcome == "queued"
    assert row is None or row.state == "sent"
    assert len(sms.taken) == 1
