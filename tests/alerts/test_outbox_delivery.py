"""One attempt: what the channel gets, and in which word each end is told."""

import asyncio

import pytest

from irzhub.alerts import outbox_delivery
from irzhub.alerts.outbox_delivery import build_delivery, deliver
from irzhub.alerts.outbox_rows import row_of
from irzhub.alerts.outbox_schedule import ChannelPlan
from irzhub.core.exceptions import ServiceError
from irzhub.core.services import Delivery, DeliveryOutcome, Services, delivery_on
from irzhub.storage.outbox import OutboxRow
from tests.alerts.outbox_rig import DUTY, MODEM, NOW, message


def row() -> OutboxRow:
    made = row_of(message(severity="alarm", event={"type": "disconnected"}), DUTY, "01K", NOW, 60)
    made.attempts, made.may_repeat = 2, True
    return made


def test_a_delivery_says_all_that_a_channel_needs() -> None:
    assert build_delivery(row()) == Delivery(
        id="01K",
        to=DUTY.address,
        text="Котельная 1: нет связи",
        subject="Котельная 1: нет связи",
        urgency="now",
        attempt=2,
        may_repeat=True,
        event={"type": "disconnected"},
        expires_at=row().expires_at,
        modem=MODEM,
        origin="rule:lost",
    )


@pytest.mark.parametrize(
    ("raised", "status", "error"),
    [
        (None, "sent", None),
        (ServiceError("gone"), "later", "gone"),
        (ZeroDivisionError("bug"), "unknown", "ZeroDivisionError: bug"),
        (TimeoutError(), "unknown", "no end within 300 s"),
    ],
)
async def test_each_end_has_its_word(raised: Exception | None, status: str, error: str | None) -> None:
    services = Services()

    async def send(delivery: Delivery) -> DeliveryOutcome:
        if raised is not None:
            raise raised
        return DeliveryOutcome(status="sent")

    services.register(delivery_on("sms"), send)

    outcome = await deliver(services, row())
    assert (outcome.status, outcome.error) == (status, error)


async def test_a_channel_that_nobody_offers_is_tried_later() -> None:
    assert (await deliver(Services(), row())).status == "later"


async def test_an_attempt_does_not_last_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    services = Services()

    async def hang(delivery: Delivery) -> DeliveryOutcome:
        await asyncio.Event().wait()
        raise AssertionError

    services.register(delivery_on("sms"), hang)
    plan = ChannelPlan(retry_s=(1.0,), unknown_s=1.0, timeout_s=0.02)
    monkeypatch.setattr(outbox_delivery, "PLANS", {"sms": plan})

    assert (await deliver(services, row())).error == "no end within 0.02 s"
