"""Budgets of a day: what is left for whom, what alarms may still spend; a new day begins with nothing spent."""

from datetime import UTC, datetime, timedelta

import pytest

from irzhub.alerts.budgets import Budget, Budgets, Overspent
from irzhub.storage.outbox import OutboxRow
from tests.alerts.outbox_rig import MOSCOW, NOW


def row(severity: str = "warning", address: str = "+7921", parts: int = 1) -> OutboxRow:
    return OutboxRow(
        id="01K",
        created_at=NOW,
        channel="sms",
        address=address,
        rule="lost",
        subject="x",
        event_id="1",
        event_ts=NOW,
        text="",
        expires_at=NOW,
        severity=severity,
        parts=parts,
    )


def spent(budgets: Budgets, parts: int, address: str = "+7921") -> Budgets:
    for _ in range(parts):
        budgets.spend(row(address=address), NOW)
    return budgets


@pytest.mark.parametrize(
    ("severity", "parts", "already", "over"),
    [
        ("warning", 1, 7, None),
        ("warning", 1, 8, Overspent("sms", "+7921", 10)),  # the rest is kept for alarms
        ("warning", 2, 7, Overspent("sms", "+7921", 10)),
        ("alarm", 1, 9, None),
        ("alarm", 1, 10, Overspent("sms", "+7921", 10)),
        ("alarm", 3, 8, Overspent("sms", "+7921", 10)),
    ],
)
def test_one_address_gets_so_many(severity: str, parts: int, already: int, over: Overspent | None) -> None:
    budgets = spent(Budgets({"sms": Budget(per_recipient=10)}), already)

    assert budgets.overspent(row(severity, parts=parts), NOW) == over
    assert budgets.overspent(row(address="+7000"), NOW) is None


def test_all_together_get_so_many() -> None:
    budgets = Budgets({"sms": Budget(per_channel=10)})
    for number in range(10):
        spent(budgets, 1, f"+7{number}")

    assert budgets.overspent(row("alarm", "+7999"), NOW) == Overspent("sms", "", 10)
    assert (budgets.spent("sms"), budgets.spent("sms", "+71"), budgets.spent("email")) == (10, 1, 0)


def test_a_new_day_begins_on_the_hubs_clock() -> None:
    evening = datetime(2026, 11, 23, 20, 59, tzinfo=UTC)  # 23:59 in Moscow
    budgets = Budgets({"sms": Budget(per_recipient=1)}, MOSCOW)
    budgets.spend(row(), evening)

    assert budgets.overspent(row("alarm"), evening) is not None
    assert budgets.next_day(evening) == evening + timedelta(minutes=1)
    assert budgets.overspent(row("alarm"), evening + timedelta(minutes=1)) is None


def test_what_was_spent_before_a_restart_counts() -> None:
    budgets = Budgets({"sms": Budget(per_recipient=2)})
    budgets.restore([("sms", "+7921", 2)], NOW)

    assert budgets.overspent(row("alarm"), NOW) == Overspent("sms", "+7921", 2)


def test_a_channel_without_limits_has_none() -> None:
    assert spent(Budgets({}), 100).overspent(row(), NOW) is None


def test_what_is_being_sent_counts_until_its_attempt_has_ended() -> None:
    budgets = Budgets({"sms": Budget(per_recipient=2)})
    under_way = row("alarm", parts=2)

    budgets.hold(under_way)
    assert budgets.overspent(row("alarm"), NOW) == Overspent("sms", "+7921", 2)

    budgets.release(under_way)
    assert budgets.overspent(row("alarm"), NOW) is None
