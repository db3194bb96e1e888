"""The outbox over REST, on a whole hub: queue, log, cancel, try again, try a way out."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from irzhub.alerts.messages import Message
from irzhub.core.services import ChannelCheck, CheckOutcome, Delivery, DeliveryOutcome, check_on, delivery_on
from tests.web.routes.whole_hub import WholeHub, whole_hub

DUTY = {"addresses": [{"channel": "sms", "address": "+79211234567"}]}


@pytest.fixture
async def whole(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        assert (await made.call("PUT", "/api/v1/contacts/duty", DUTY)).status == 201
        yield made


async def told(whole: WholeHub, number: int = 1, **changes: Any) -> str:
    values: dict[str, Any] = {
        "rule": "lost",
        "subject": f"subject {number}",
        "event_id": f"01E{number:023d}",
        "ts": datetime.now(UTC),
        "text": f"Котельная {number}: нет связи",
        "targets": ("duty",),
    }
    return (await whole.hub.alerts.outbox.tell(Message(**{**values, **changes}))).ids[0]


async def test_people_see_the_queue_cancel_and_try_again(whole: WholeHub) -> None:
    first, second = await told(whole), await told(whole, 2)

    page = (await whole.call("GET", "/api/v1/messages?state=open&limit=1")).json()
    rest = (await whole.call("GET", f"/api/v1/messages?limit=1&cursor={page['next']}", token="operator")).json()
    assert ([each["id"] for each in page["items"]], [each["id"] for each in rest["items"]]) == ([second], [first])
    assert rest["next"] is None
    assert (page["items"][0]["state"], page["items"][0]["address"]) == ("waiting", "+79211234567")

    cancelled = await whole.call("POST", f"/api/v1/messages/{first}/cancel", token="operator")
    again = await whole.call("POST", f"/api/v1/messages/{first}/cancel")
    assert (cancelled.status, cancelled.json()["state"], again.status) == (200, "cancelled", 409)
    assert cancelled.json()["log"][-1]["by"] == "operator"

    sent: list[Delivery] = []

    async def send(delivery: Delivery) -> DeliveryOutcome:
        sent.append(delivery)
        return DeliveryOutcome(status="delivered", reference="17")

    whole.hub.services.register(delivery_on("sms"), send)
    assert (await whole.call("POST", f"/api/v1/messages/{first}/retry")).json()["state"] in ("waiting", "sending")
    await whole.until(lambda: len(sent) == 2)
    await whole.until(lambda: whole.hub.alerts.outbox.is_at_rest)
    last = (await whole.call("GET", f"/api/v1/messages/{first}")).json()
    assert (last["state"], last["reference"], last["attempts"]) == ("delivered", "17", 1)
    assert [each["step"] for each in last["log"]] == ["cancel", "retry", "take", "deliver"]
    missing = await whole.call("GET", "/api/v1/messages/01M1SS1NG00000000000000000")
    wrong = await whole.call("GET", "/api/v1/messages?state=gone")
    assert (missing.status, wrong.status) == (404, 400)


async def test_a_way_is_tried_without_and_with_a_message(whole: WholeHub) -> None:
    none = await whole.call("POST", "/api/v1/channels/sms/check")
    assert none.status == 409

    async def check(asked: ChannelCheck) -> CheckOutcome:
        return CheckOutcome(is_good=True, text=f"registered, {asked.language}")

    async def refuse(delivery: Delivery) -> DeliveryOutcome:
        return DeliveryOutcome(status="refused", error=f"no such number {delivery.to}")

    whole.hub.services.register(check_on("sms"), check)
    whole.hub.services.register(delivery_on("sms"), refuse)
    assert (await whole.call("POST", "/api/v1/channels/sms/check")).json() == {
        "is_good": True,
        "text": "registered, ru",
    }

    tried = await whole.call("POST", "/api/v1/messages/test", {"contact": "duty"})
    assert [(each["state"], each["error"]) for each in tried.json()["items"]] == [
        ("failed", "no such number +79211234567")
    ]
    nobody = await whole.call("POST", "/api/v1/messages/test", {"contact": "duty", "channel": "email"})
    wrong = await whole.call("POST", "/api/v1/messages/test", {"channel": "sms", "address": "AT+CMGD=1"})
    by_operator = await whole.call("POST", "/api/v1/messages/test", {"contact": "duty"}, token="operator")
    assert (nobody.status, wrong.status, by_operator.status) == (422, 422, 403)
    ways = {each["channel"]: each for each in (await whole.call("GET", "/api/v1/channels")).json()["items"]}
    assert (ways["sms"]["is_offered"], ways["sms"]["limit_per_recipient"], ways["call"]["is_offered"]) == (
        True,
        60,
        False,
    )
