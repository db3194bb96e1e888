"""How people are reached, in a whole hub: ladders, replies by SMS, recovery, and the hub's own troubles."""

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from irzhub.config.settings import Contact, DayBudget
from irzhub.core.events import SmsReceived
from irzhub.core.services import Delivery, DeliveryOutcome, delivery_on
from irzhub.storage.incidents import list_actions
from tests.alerts.outbox_rig import message
from tests.web.routes.whole_hub import whole_hub

ANNA = {"addresses": [{"channel": "sms", "address": "+79211234567"}]}
BORIS = {"addresses": [{"channel": "sms", "address": "+79110000000"}]}
LADDER = {"steps": [{"targets": ["anna"]}, {"targets": ["boris"], "wait_s": 0}], "repeats": 50, "repeat_every_s": 30}


async def test_a_ladder_climbs_until_a_reply_and_all_who_heard_hear_the_end(tmp_path: Path) -> None:
    async with whole_hub(tmp_path, **{"alerts.tell": ["тревога"], "alerts.report_to": ["anna"]}) as whole:
        for path, body in (("contacts/anna", ANNA), ("contacts/boris", BORIS), ("ladders/тревога", LADDER)):
            assert (await whole.call("PUT", f"/api/v1/{path}", body)).status == 201
        sent: list[tuple[str, str]] = []

        async def send(delivery: Delivery) -> DeliveryOutcome:
            sent.append((delivery.to[-4:], delivery.text))
            return DeliveryOutcome(status="sent")

        whole.hub.services.register(delivery_on("sms"), send)
        alerts, now = whole.hub.alerts, datetime.now(UTC)
        row = alerts.incidents.book.bad("link_lost", "868441036775234", now, modem=None)
        alerts.incidents.commit()
        await whole.until(lambda: {to for to, _ in sent} == {"4567", "0000"})
        assert all(text.endswith(f"Принять: OK {row.number}") for _, text in sent)
        sent.clear()

        reply = SmsReceived(ts=now, id="01E", number="+79110000000", text="ok")
        whole.hub.bus.publish(reply)
        await whole.until(lambda: bool(sent))
        assert sent == [("0000", f"Принято: тревога {row.number} за вами.")]
        assert alerts.incidents.is_acknowledged(row.number)
        assert alerts.incidents.book.get(row.number).acknowledged_by == "boris"  # type: ignore[union-attr]
        await whole.until(lambda: not alerts.outreach.escalations.runs)
        steps = await whole.hub.store.read(lambda connection: list_actions(connection, row.number))
        assert [(each.change, each.by, each.note) for each in steps if each.by != "hub" or each.note] == [
            ("escalated", "hub", "anna"),
            ("escalated", "hub", "boris"),
            ("acknowledged", "boris", "SMS"),
        ]
        sent.clear()

        alerts.incidents.book.close(row.number, datetime.now(UTC), "anna")
        alerts.incidents.commit()
        await whole.until(lambda: len(sent) == 2)
        assert {to for to, _ in sent} == {"4567", "0000"}
        assert all(text.startswith("Закончилось, длилось") for _, text in sent)


@pytest.mark.parametrize(
    "database",
    ["sqlite:///history.db", pytest.param("mysql://hub:secret@127.0.0.1:1/irzhub", marks=pytest.mark.long)],
    ids=["broker away", "broker and database away"],
)
async def test_alarms_go_out_whatever_else_is_away(tmp_path: Path, database: str) -> None:
    async with whole_hub(tmp_path, **{"database.url": database}) as whole:
        states = {part.part: part.state for part in whole.hub.health}
        assert states["mqtt"] != "up"
        assert (states["database"] == "up") is database.startswith("sqlite")
        sent: list[Delivery] = []

        async def send(delivery: Delivery) -> DeliveryOutcome:
            sent.append(delivery)
            return DeliveryOutcome(status="sent")

        whole.hub.services.register(delivery_on("sms"), send)
        assert (await whole.call("PUT", "/api/v1/contacts/anna", ANNA)).status == 201
        await whole.hub.alerts.outbox.tell(message(severity="alarm", targets=("anna",)))
        await whole.until(lambda: len(sent) == 1)
        assert sent[0].urgency == "now"


async def test_who_is_told_and_when_changes_without_a_restart(tmp_path: Path) -> None:
    async with whole_hub(tmp_path) as whole:
        hub, sent = whole.hub, list[tuple[str, str]]()

        async def send(delivery: Delivery) -> DeliveryOutcome:
            sent.append((delivery.to, delivery.text))
            return DeliveryOutcome(status="sent")

        hub.services.register(delivery_on("sms"), send)
        assert (await whole.call("PUT", "/api/v1/contacts/anna", ANNA)).status == 201
        alerts = dataclasses.replace(
            hub.settings.alerts,
            tell=("duty",),
            link_lost_after_s=11.0,
            budgets={"sms": DayBudget(per_recipient=1)},
            link_url="https://hub.example.ru",
            keep_days=1,
        )
        duty: dict[str, tuple[Contact, ...]] = {"duty": (Contact(kind="sms", address="+79219999999"),)}
        new = dataclasses.replace(hub.settings, alerts=alerts, contacts=duty)
        await hub.reload(lambda: new)

        hub.alerts.incidents.book.bad("link_lost", "868441036775234", datetime.now(UTC), modem=None)
        hub.alerts.incidents.commit()
        await whole.until(lambda: bool(sent))
        assert [to for to, _ in sent] == ["+79219999999"]
        assert hub.alerts.incidents.outages._links.delay == timedelta(seconds=11)
        assert hub.alerts.outbox.book.budgets.limits["sms"].per_recipient == 1
        assert hub.settings.alerts.keep_days == 400, "only a restart changes it"

        await hub.reload(lambda: dataclasses.replace(new, contacts={"anna": duty["duty"]}))
        directory = hub.alerts.outreach.directory
        assert directory.target("duty") is None
        assert directory.contact_of_number("+79219999999") == "anna", "that of the file goes before"
        await hub.reload(lambda: dataclasses.replace(new, contacts={}))
        assert directory.contact_of_number("+79211234567") == "anna", "people's own is there again"
