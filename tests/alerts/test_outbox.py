"""The outbox on a real store: stored before it leaves, told once, brought back after a crash."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from irzhub.alerts.budgets import Budget
from irzhub.alerts.messages import Recipient
from irzhub.alerts.outbox import UnknownMessage
from irzhub.alerts.outbox_book import Told
from irzhub.alerts.outbox_states import WrongStep
from irzhub.core.services import Delivery, DeliveryOutcome, DeliveryTold
from irzhub.storage.local import LocalStore
from irzhub.storage.outbox import OutboxRow, OutboxWanted, find_rows, get_row, save_outbox
from tests.alerts.outbox_rig import DUTY, DUTY_MAIL, NOW, Book, Channel, HandClock, message, rig

NO_DAMP = {"damp_s": 0.0}


async def until(is_so: Callable[[], bool], within_s: float = 5.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.005)


async def test_a_message_is_stored_then_leaves_then_is_noted(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        stored: list[OutboxRow | None] = []

        async def look(delivery: Delivery) -> None:
            stored.append(await hub.store.read(lambda connection: get_row(connection, delivery.id)))

        sms = hub.offer("sms", Channel(before=look))
        hub.clock.turn(0.25)

        told = await hub.outbox.tell(message())
        await until(lambda: hub.outbox.is_at_rest)

        assert told.outcome == "queued"
        assert stored[0] is not None
        assert stored[0].state == "sending", "the disk knew that it was being sent"
        assert [(each.id, each.to, each.text, each.attempt, each.may_repeat) for each in sms.taken] == [
            (told.ids[0], "+79211234567", "Котельная 1: нет связи", 1, False)
        ]
        row = await hub.outbox.get(told.ids[0])
        assert (row.state, row.sent_at) == ("sent", hub.clock.now())
        assert [each["step"] for each in row.log] == ["take", "accept"]
        assert hub.metrics.counter("notifications_total", "").values == {("sms", "sent"): 1}
        assert hub.metrics.histogram("event_to_notification_seconds", "").total == pytest.approx(0.25)


async def test_the_same_event_is_told_once_also_after_a_restart(tmp_path: Path) -> None:
    outcomes, taken = [], []
    for _ in range(2):
        async with rig(tmp_path) as hub:
            sms = hub.offer("sms")
            outcomes.append([(await hub.outbox.tell(message(7, **NO_DAMP))).outcome for _ in range(3)])
            await until(lambda hub=hub: hub.outbox.is_at_rest)  # type: ignore[misc]
            taken.append(len(sms.taken))

    assert outcomes == [["queued", "repeated", "repeated"], ["repeated"] * 3]
    assert taken == [1, 0]


async def test_other_recipients_of_the_same_rule_and_event_are_told_too(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        sms, email = hub.offer("sms"), hub.offer("email")

        await hub.outbox.tell(message())
        await hub.outbox.tell(message(targets=(), recipients=(DUTY, DUTY_MAIL)))
        await until(lambda: len(email.taken) == 1)

        assert (len(sms.taken), len(email.taken)) == (1, 1)


async def test_what_waited_for_a_channel_leaves_once_somebody_offers_it(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        await hub.outbox.tell(message())
        assert [row.state for row in hub.outbox.book.rows.values()] == ["waiting"]

        sms = hub.offer("sms")
        await until(lambda: len(sms.taken) == 1)


async def test_nothing_is_lost_and_an_sms_is_marked_after_a_kill(tmp_path: Path) -> None:
    """What the disk shows after kill -9: one row was being sent, one waited, one was to be repeated already."""
    rows = [
        OutboxRow(
            id=f"01K{number:023d}",
            created_at=NOW,
            state=state,
            channel="sms",
            address=f"+7921000000{number}",
            rule="lost",
            subject="x",
            event_id=str(number),
            event_ts=NOW,
            text="нет связи",
            expires_at=NOW.replace(hour=23),
            attempts=attempts,
            may_repeat=may_repeat,
        )
        for number, (state, attempts, may_repeat) in enumerate(
            [("sending", 1, False), ("waiting", 0, False), ("sending", 2, True)]
        )
    ]
    async with LocalStore(tmp_path) as store:
        await store.write(lambda connection: save_outbox(connection, rows))

    async with rig(tmp_path) as hub:
        sms = hub.offer("sms")
        await until(lambda: len(sms.taken) == 1)
        assert [(each.to, each.may_repeat) for each in sms.taken] == [("+79210000001", False)]

        hub.clock.turn(121)
        hub.outbox.wake()
        await until(lambda: len(sms.taken) == 2)
        assert (sms.taken[1].to, sms.taken[1].may_repeat) == ("+79210000000", True)
        await until(lambda: hub.outbox.is_at_rest)
        last = await hub.outbox.get(rows[2].id)
        assert (last.state, last.error) == ("unknown", "the hub ended while it was being sent")


async def test_a_channel_that_breaks_is_not_believed_and_stops_nobody(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:

        async def broken(delivery: Delivery) -> None:
            raise ZeroDivisionError("bug")

        hub.offer("sms", Channel(before=broken))
        email = hub.offer("email")
        told = await hub.outbox.tell(message(targets=(), recipients=(DUTY, DUTY_MAIL)))
        await until(lambda: len(email.taken) == 1 and hub.outbox.book.rows[told.ids[0]].state == "unknown")

        assert hub.outbox.book.rows[told.ids[0]].error == "ZeroDivisionError: bug"


async def test_bytes_of_another_alphabet_in_an_answer_keep_nothing_from_the_disk(tmp_path: Path) -> None:
    said = "550 нет ящика".encode("cp1251").decode("utf-8", "surrogateescape")
    async with rig(tmp_path, directory=Book(next_way={})) as hub:
        hub.offer("sms", Channel([DeliveryOutcome(status="refused", error=said, reference=said)]))
        bad = await hub.outbox.tell(message(text="half \ud83d"))
        await until(lambda: hub.outbox.is_at_rest)
        part = hub.health.get("outbox")

        assert part is not None
        assert part.state == "up"
        assert (await hub.outbox.get(bad.ids[0])).error == "550 ??? ?????"


async def test_people_cancel_what_waits_and_try_again_what_failed(tmp_path: Path) -> None:
    async with rig(tmp_path, directory=Book(next_way={})) as hub:
        told = await hub.outbox.tell(message())
        assert (await hub.outbox.cancel(told.ids[0], "анна")).state == "cancelled"
        with pytest.raises(WrongStep, match="is cancelled: it cannot cancel"):
            await hub.outbox.cancel(told.ids[0], "анна")
        with pytest.raises(UnknownMessage):
            await hub.outbox.get("01K")

        sms = hub.offer("sms", Channel([DeliveryOutcome(status="refused", error="no such number")]))
        await hub.outbox.retry(told.ids[0], "анна")
        await until(lambda: hub.outbox.is_at_rest)
        assert (await hub.outbox.get(told.ids[0])).error == "no such number"

        await hub.outbox.retry(told.ids[0], "анна")
        row = await hub.outbox.end_of(told.ids[0], 2.0)
        assert row is not None
        assert (row.state, len(sms.taken)) == ("sent", 2)
        assert [each.get("by") for each in row.log if each["step"] in ("cancel", "retry")] == ["анна"] * 3


async def test_alarms_leave_while_the_disk_does_not_work(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        sms = hub.offer("sms")

        def fails(connection: object) -> None:
            raise OSError("disk full")

        hub.store._commit = fails  # type: ignore[assignment]
        told = await hub.outbox.tell(message())
        await until(lambda: len(sms.taken) == 1)
        part = hub.health.get("outbox")
        assert part is not None
        assert (told.outcome, part.state) == ("queued", "degraded")

        del hub.store._commit
        await until(lambda: hub.health.get("outbox").state == "up")  # type: ignore[union-attr]
        await until(lambda: hub.outbox.is_at_rest)
        assert (await hub.outbox.get(told.ids[0])).state == "sent"


@pytest.mark.parametrize("size", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
async def test_a_storm_is_grouped_within_the_budget_and_none_is_lost(tmp_path: Path, size: int) -> None:
    limits = {"sms": Budget(per_recipient=10)}
    clock = HandClock()
    async with rig(tmp_path, clock=clock, limits=limits) as hub:
        sms = hub.offer("sms")
        futures = [hub.outbox.tell(message(number, subject=f"modem{number}")) for number in range(size)]
        results: list[Told] = await asyncio.gather(*futures)
        for _ in range(3):
            clock.turn(61)
            hub.outbox.wake()
            await asyncio.sleep(0.05)
        await until(lambda: hub.outbox.is_at_rest, 20)

        rows = await hub.store.read(lambda connection: find_rows(connection, OutboxWanted(limit=2 * size)))
        states = [row.state for row in rows]
        assert {each.outcome for each in results} == {"queued"}
        assert len(rows) == size
        assert sum(row.count for row in rows if row.state == "sent") == size
        assert (states.count("sent") + states.count("folded"), states.count("sent")) == (size, len(sms.taken))
        assert sum(row.parts for row in rows if row.state == "sent") <= 10


async def test_an_address_of_a_rule_needs_no_contact(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        sms = hub.offer("sms")

        await hub.outbox.tell(message(targets=(), recipients=(Recipient("sms", "+79110000000"),)))
        nobody = await hub.outbox.tell(message(2, targets=("кто-то",)))

        assert nobody == Told("nobody")
        await until(lambda: [each.to for each in sms.taken] == ["+79110000000"])


async def test_what_the_network_reports_later_is_noted_and_what_did_not_arrive_goes_another_way(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        reports = {"one": DeliveryTold("", "delivered"), "two": DeliveryTold("", "failed", "phone is off")}
        early: list[DeliveryTold] = []

        async def report_at_once(delivery: Delivery) -> None:
            if early:
                hub.outbox.delivery_told(replace(early.pop(), id=delivery.id))
                await asyncio.sleep(0.01)

        hub.offer("sms", Channel(before=report_at_once))
        mail = hub.offer("email")
        ended = {}
        for number, (name, told) in enumerate(reports.items()):
            id_ = (await hub.outbox.tell(message(number, subject=name))).ids[0]
            await until(lambda: hub.outbox.is_at_rest)
            hub.outbox.delivery_told(replace(told, id=id_))
            hub.outbox.delivery_told(replace(told, id="01K"))
            await until(lambda id_=id_: hub.outbox.is_at_rest and len(hub.outbox._tasks) == 3)  # type: ignore[misc]
            ended[name] = await hub.outbox.get(id_)
        early.append(reports["one"])
        quick = (await hub.outbox.tell(message(9, subject="quick"))).ids[0]
        await until(lambda: hub.outbox.is_at_rest and len(hub.outbox._tasks) == 3)

        assert (ended["one"].state, ended["one"].error) == ("delivered", None)
        assert (ended["two"].state, ended["two"].error) == ("failed", "phone is off")
        assert [each.text for each in mail.taken] == ["Котельная 1: нет связи"]
        assert (await hub.outbox.get(quick)).state == "delivered"


async def test_a_spent_budget_is_a_trouble_of_the_hub_until_the_day_is_over(tmp_path: Path) -> None:
    async with rig(tmp_path, limits={"sms": Budget(per_channel=1)}) as hub:
        hub.offer("sms")

        def state() -> str | None:
            part = hub.health.get("budget")
            return None if part is None else f"{part.state} {part.detail}"

        await hub.outbox.tell(message(1, subject="a"))
        await until(lambda: hub.outbox.is_at_rest)
        assert state() is None
        await hub.outbox.tell(message(2, subject="b"))
        await until(lambda: state() == "degraded spent for today: sms")

        hub.clock.turn(86_400)
        hub.outbox.wake()
        await until(lambda: state() == "up ")


async def test_what_can_leave_at_once_is_stored_as_being_sent_in_one_transaction(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        may_leave = asyncio.Event()

        async def wait(_: Delivery) -> None:
            await may_leave.wait()

        hub.offer("sms", Channel(before=wait))
        told = await hub.outbox.tell(message())
        row = await hub.store.read(lambda connection: get_row(connection, told.ids[0]))
        may_leave.set()

    assert row is not None
    assert row.state == "sending"


async def test_nothing_more_leaves_once_the_hub_ends(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        sms = hub.offer("sms")
        ending = [hub.outbox.tell(message(number, **NO_DAMP)) for number in range(3)]

    assert [each.result().outcome for each in ending] == ["queued"] * 3
    assert sms.taken == []
    async with rig(tmp_path) as hub:
        later = hub.offer("sms")
        await until(lambda: hub.outbox.is_at_rest)
    assert [(each.attempt, each.may_repeat) for each in later.taken] == [(1, False)] * 3
