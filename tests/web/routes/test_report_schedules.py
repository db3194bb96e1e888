"""Schedules of reports over REST."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from irzhub.core.services import Delivery, DeliveryOutcome, delivery_on
from irzhub.storage.accounts import add_token
from tests.web.conftest import token_row
from tests.web.routes.whole_hub import WholeHub, whole_hub

PATH = "/api/v1/report_schedules"
MORNING: dict[str, Any] = {"name": "Сводка", "kind": "availability", "recipients": ["duty@example.ru"], "at": "07:00"}


@pytest.fixture
async def whole(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        yield made


async def test_a_schedule_is_made_changed_sent_and_removed(whole: WholeHub) -> None:
    sent: list[Delivery] = []

    async def deliver(delivery: Delivery) -> DeliveryOutcome:
        sent.append(delivery)
        return DeliveryOutcome(status="sent")

    whole.hub.services.register(delivery_on("email"), deliver)
    made = await whole.call("POST", PATH, {**MORNING, "weekdays": [5, 1, 5], "period": "last_week"}, token="operator")
    assert made.status == 201
    schedule = made.json()
    place = f"{PATH}/{schedule['id']}"
    assert made.headers["Location"] == place
    assert (schedule["weekdays"], schedule["forms"], schedule["time_zone"]) == ([1, 5], ["xlsx"], "Europe/Moscow")
    assert schedule["next_at"].endswith("T04:00:00.000Z")
    assert [each["id"] for each in (await whole.call("GET", PATH)).json()["items"]] == [schedule["id"]]

    tag = {"If-Match": made.headers["ETag"]}
    edited = await whole.call("PATCH", place, {"enabled": False, "weekdays": [], "month_day": 31}, headers=tag)
    assert (edited.status, edited.json()["next_at"], edited.json()["month_day"]) == (200, None, 31)
    assert (await whole.call("PATCH", place, {"at": "08:00"}, headers=tag)).status == 412
    assert (await whole.call("PATCH", place, {"month_day": None, "enabled": True})).json()["month_day"] is None

    reply = await whole.call("POST", f"{place}/send")
    assert (reply.status, reply.json()["items"][0]["recipient"]) == (202, "duty@example.ru")
    await whole.until(lambda: sent)
    assert sent[0].attachments[0].name.startswith("availability_")

    assert (await whole.call("DELETE", place)).status == 204
    assert (await whole.call("GET", place)).status == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"recipients": ["a@b.ru", "a@b.ru, c@d.ru"]}, "recipients.1"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"name": "  "}, "name"),
        ({"group": "/".join("abcdefghij")}, "group"),
        ({"at": "24:00"}, "at"),
    ],
)
async def test_what_cannot_be_scheduled(whole: WholeHub, wrong: dict[str, Any], field: str) -> None:
    reply = await whole.call("POST", PATH, {**MORNING, **wrong})

    assert reply.status == 422
    assert reply.json()["errors"][0]["field"] == field
    assert (await whole.call("GET", PATH)).json()["items"] == []


async def test_each_sees_what_mails_no_more_than_may_be_seen(whole: WholeHub) -> None:
    row = token_row("north", "token-of-north", "operator", organisations=("north",))
    await whole.hub.store.write(lambda connection: add_token(connection, row))
    own = (await whole.call("POST", PATH, MORNING, token="token-of-north")).json()
    other = (await whole.call("POST", PATH, MORNING)).json()

    seen = (await whole.call("GET", PATH, token="token-of-north")).json()["items"]
    assert [each["id"] for each in seen] == [own["id"]]
    assert (await whole.call("GET", f"{PATH}/{other['id']}", token="token-of-north")).status == 404
    assert len((await whole.call("GET", PATH)).json()["items"]) == 2
    for method, path in (("GET", PATH), ("POST", PATH), ("GET", "/api/v1/report_mails")):
        assert (await whole.call(method, path, MORNING if method == "POST" else None, token="viewer")).status == 403
