"""Which occurrences fire a trigger, which end its wait, and what it is about."""

from typing import Any

import pytest

from irzhub.automation.occurrence import Occurrence
from irzhub.automation.triggers import (
    AlertTrigger,
    CallTrigger,
    ConnectedTrigger,
    DisconnectedTrigger,
    EventTrigger,
    GpiTrigger,
    HubTrigger,
    MeterTrigger,
    MqttTrigger,
    RejectedTrigger,
    SignalTrigger,
    SmsTrigger,
    TimeTrigger,
    Trigger,
    WebhookTrigger,
    kinds_of,
    kinds_that_end,
    meaning,
)
from tests.automation.rig import MODEM, START


def happened(kind_: str, **data: Any) -> Occurrence:
    return Occurrence(kind=kind_, ts=START, id="1", modem=MODEM, data=data)


@pytest.mark.parametrize(
    ("trigger", "occurrence", "fires"),
    [
        (DisconnectedTrigger(), happened("disconnected", reason="keepalive_lost"), True),
        (DisconnectedTrigger(), happened("disconnected", reason="hub_restart"), True),
        (DisconnectedTrigger(), happened("disconnected", reason="replaced"), False),
        (DisconnectedTrigger(), happened("disconnected", reason="hub_stop"), False),
        (DisconnectedTrigger(reason=("hub_stop",)), happened("disconnected", reason="hub_stop"), True),
        (DisconnectedTrigger(reason=("reset",)), happened("disconnected", reason="closed"), False),
        (RejectedTrigger(reason=("password",)), happened("rejected", reason="password"), True),
        (RejectedTrigger(reason=("password",)), happened("rejected", reason="blocked"), False),
        (GpiTrigger(input=(1, 2), to="on"), happened("gpi_changed", pin=2, level="ON"), True),
        (GpiTrigger(input=(1,), to="on"), happened("gpi_changed", pin=1, level="OFF"), False),
        (GpiTrigger(input=(3,)), happened("gpi_changed", pin=1, level="ON"), False),
        (GpiTrigger(to="alarm"), happened("gpi_changed", pin=1, level="OFF", alarm=True), True),
        (GpiTrigger(to="normal"), happened("gpi_changed", pin=1, level="OFF", alarm=True), False),
        (GpiTrigger(to="alarm"), happened("gpi_changed", pin=1, level="ON", alarm=None), True),
        (GpiTrigger(to="normal"), happened("gpi_changed", pin=1, level="OFF", alarm=None), True),
        (GpiTrigger(to="alarm"), happened("gpi_changed", pin=1, level="OFF", alarm=None), False),
        (MeterTrigger(), happened("meter_silent", address="12"), True),
        (MeterTrigger(to="answering"), happened("meter_silent"), False),
        (MeterTrigger(address=("13",)), happened("meter_silent", address="12"), False),
        (MeterTrigger(serial=("77",)), happened("meter_silent", serial="77"), True),
        (MqttTrigger(topic="a/#"), happened("mqtt", filter="a/#", topic="a/b", payload="1"), True),
        (MqttTrigger(topic="a/#", payload="0"), happened("mqtt", filter="a/#", payload="1"), False),
        (SmsTrigger(contains="БАЛАНС"), happened("sms_received", number="+7", text="ваш баланс 5 р."), True),
        (SmsTrigger(sender=("+79211234567",)), happened("sms_received", number="+70", text=""), False),
        (CallTrigger(), happened("call_received", number=""), True),
        (HubTrigger(event="broker_lost"), happened("hub", event="broker_lost", part="broker"), True),
        (HubTrigger(event="broker_lost"), happened("hub", event="broker_back", part="broker"), False),
        (WebhookTrigger(webhook_id="abcdefgh"), happened("webhook", webhook_id="abcdefgi"), False),
        (AlertTrigger(), happened("alert_opened", kind="link_lost", severity="alarm"), True),
        (AlertTrigger(to="closed"), happened("alert_opened"), False),
        (AlertTrigger(kind=("flood",)), happened("alert_opened", kind="link_lost"), False),
        (AlertTrigger(severity=("alarm",)), happened("alert_opened", severity="warning"), False),
        (EventTrigger(type="imei_conflict"), happened("imei_conflict"), True),
        (EventTrigger(type="job_finished", data=(("kind", "firmware"),)), happened("job_finished", kind="ping"), False),
    ],
)
def test_what_fires(trigger: Trigger, occurrence: Occurrence, fires: bool) -> None:
    assert occurrence.kind in (*kinds_of(trigger), "alert_opened", "alert_closed", "meter_silent")
    assert trigger.fires(occurrence) is fires


@pytest.mark.parametrize(
    ("trigger", "occurrence", "ends"),
    [
        (GpiTrigger(to="on"), happened("gpi_changed", pin=1, level="OFF"), True),
        (MeterTrigger(), happened("meter_answering"), True),
        (MeterTrigger(), happened("meter_silent"), False),
        (HubTrigger(event="broker_lost"), happened("hub", event="broker_back"), True),
        (AlertTrigger(to="closed"), happened("alert_closed"), False),
        (AlertTrigger(), happened("alert_closed"), True),
        (ConnectedTrigger(), happened("disconnected"), True),
    ],
)
def test_what_ends_a_wait(trigger: Trigger, occurrence: Occurrence, ends: bool) -> None:
    assert trigger.ends(occurrence) is ends


@pytest.mark.parametrize(
    ("trigger", "occurrence", "subject"),
    [
        (ConnectedTrigger(), happened("connected"), MODEM),
        (GpiTrigger(), happened("gpi_changed", pin=3), f"{MODEM}/gpi/3"),
        (SignalTrigger(below=5), happened("signal", value=3), f"{MODEM}/signal"),
        (MeterTrigger(), happened("meter_silent", address="12"), f"{MODEM}/meter/12"),
        (MeterTrigger(), happened("meter_silent", address=""), f"{MODEM}/meter"),
        (HubTrigger(event="disk_lost"), happened("hub", part="disk"), "hub/disk"),
        (AlertTrigger(), happened("alert_opened", alert=17), "alert/17"),
        (TimeTrigger(at=(0,)), happened("time"), "hub/time"),
        (MqttTrigger(topic="#"), happened("mqtt", topic="a/" + "b" * 500), f"mqtt/a/{'b' * 193}"),
    ],
)
def test_what_it_is_about(trigger: Trigger, occurrence: Occurrence, subject: str) -> None:
    assert trigger.subject(occurrence) == subject


def test_only_what_waits_listens_to_what_ends_it() -> None:
    assert kinds_that_end(GpiTrigger()) == ()
    assert kinds_that_end(GpiTrigger(for_s=5)) == ("gpi_changed", "deleted")
    assert kinds_of(EventTrigger(type="sim_changed")) == ("sim_changed",)


def test_every_trigger_has_the_name_that_rules_write() -> None:
    assert meaning(GpiTrigger()) == "gpi"
    assert meaning(EventTrigger(type="sim_changed")) == "event"
