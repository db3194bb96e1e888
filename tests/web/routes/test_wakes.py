"""Modems woken over REST: one by hand, many as a job, and what is told of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from irzhub.core.services import SMS_SEND, VOICE_CALL, CallOutcome, SmsMessage, SmsOutcome, VoiceCall
from irzhub.web.models_jobs import Job
from irzhub.web.models_wakes import Wake, WakeList, WakePage, WakeState
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

MODEMS = "/api/v1/modems"
PHONE = "+79211234567"


@dataclass
class Network:
    """The GSM side: calls end when the test says so, SMS leave at once."""

    hub: WholeHub
    called: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    rang: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self) -> None:
        self.hub.hub.services.register(VOICE_CALL, self._call)
        self.hub.hub.services.register(SMS_SEND, self._send)

    async def _call(self, call: VoiceCall) -> CallOutcome:
        self.called.append(f"{call.to} for {call.origin}")
        await self.rang.wait()
        return CallOutcome(status="rang")

    async def _send(self, message: SmsMessage) -> SmsOutcome:
        self.texts.append(message.text)
        return SmsOutcome(status="sent")


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    polling = {"relay.polling.wake": {"after_call": "1s", "after_sms": "1s"}, "wake.address": "hub.example.ru:5009"}
    async with whole_hub(tmp_path, **polling) as made:
        yield made


async def add(hub: WholeHub, imei: str = IMEI, phone: str = PHONE) -> None:
    made = await hub.call("POST", MODEMS, {"imei": imei, "phone_sim1": phone, "group": "Север"})
    assert made.status == 201, made.body


async def test_a_modem_is_woken_by_hand_and_that_is_told(hub: WholeHub) -> None:
    network = Network(hub)
    await add(hub)
    before = WakeState.model_validate((await hub.call("GET", f"{MODEMS}/{IMEI}/wake")).json())
    assert before.why_not == "nobody here can make calls or send SMS: set up a GSM modem"
    assert (before.tries, before.success_ratio, before.last) == (0, None, None)
    network.offer()
    assert (await hub.call("GET", f"{MODEMS}/{IMEI}/wake")).json()["why_not"] is None

    taken = await hub.call("POST", f"{MODEMS}/{IMEI}/wake", token="operator", headers={"Idempotency-Key": "1"})
    assert taken.status == 202, taken.body
    assert taken.headers["Location"] == f"{MODEMS}/{IMEI}/wake"
    await hub.until(lambda: network.called)
    joined = await hub.call("POST", f"{MODEMS}/{IMEI}/wake")
    again = await hub.call("POST", f"{MODEMS}/{IMEI}/wake", token="operator", headers={"Idempotency-Key": "1"})
    assert {Wake.model_validate(reply.json()).id for reply in (taken, joined, again)} == {taken.json()["id"]}
    [listed] = WakeList.model_validate((await hub.call("GET", "/api/v1/wakes")).json()).items
    assert (listed.modem, listed.status, listed.reason, listed.calls) == (IMEI, "waking", "rest:operator", 1)

    await hub.dials()
    network.rang.set()
    await hub.hub.journal.flush()
    after = WakeState.model_validate((await hub.call("GET", f"{MODEMS}/{IMEI}/wake")).json())
    assert (after.why_not, after.current, after.success_ratio) == ("it is online", None, 1.0)
    assert after.last is not None
    assert (after.last.status, after.last.by, after.today.calls) == ("online", "call", 1)
    assert network.called == [f"{PHONE} for rest:operator"]
    refused = await hub.call("POST", f"{MODEMS}/{IMEI}/wake")
    assert (refused.status, refused.json()["code"], refused.json()["detail"]) == (409, "not_woken", "it is online")
    events = (await hub.call("GET", f"/api/v1/events?modem={IMEI}")).json()["items"]
    assert {"wake_started", "wake_succeeded"} <= {event["type"] for event in events}


async def test_wakes_in_vain_are_listed_with_their_steps(hub: WholeHub) -> None:
    network = Network(hub)
    network.rang.set()
    network.offer()
    await add(hub)
    await hub.call("POST", f"{MODEMS}/{IMEI}/wake")
    await hub.until(lambda: hub.hub.fleet.wakes.current(IMEI) is None)
    await hub.hub.journal.flush()

    page = WakePage.model_validate((await hub.call("GET", f"{MODEMS}/{IMEI}/wakes?limit=1")).json())
    [wake] = page.items
    assert ([step.step for step in wake.steps], wake.status, wake.calls, wake.sms) == (["call", "sms"], "failed", 1, 1)
    assert wake.error == "it did not dial in after call, sms"
    assert page.next is None
    assert network.texts == ["5492 IPhub.example.ru:5009TIME60IRZ,ENC"]
    state = WakeState.model_validate((await hub.call("GET", f"{MODEMS}/{IMEI}/wake")).json())
    assert state.resumes_at is not None
    assert (state.why_not, state.success_ratio) == (None, 0.0)
    assert (await hub.call("GET", "/api/v1/wakes")).json() == {"items": [], "left": {"calls": 1999, "sms": 299}}


async def test_many_are_woken_as_a_job(hub: WholeHub) -> None:
    network = Network(hub)
    network.rang.set()
    network.offer()
    other = "868441036775242"
    await add(hub)
    await add(hub, other, "112")
    await hub.dials()
    wish = {"target": {"group": "Север"}}
    assert (await hub.call("POST", "/api/v1/wakes", wish, "viewer")).status == 403
    begun = await hub.call("POST", "/api/v1/wakes", wish, "operator")
    assert begun.status == 202, begun.body
    job = Job.model_validate(begun.json())
    assert (job.kind, job.total, job.dangerous) == ("wake", 2, False)
    async with asyncio.timeout(10):
        while (await hub.call("GET", f"/api/v1/jobs/{job.id}")).json()["status"] != "done":
            await asyncio.sleep(0.02)
    items = (await hub.call("GET", f"/api/v1/jobs/{job.id}/items")).json()["items"]
    assert {item["modem"]: item["status"] for item in items} == {IMEI: "done", other: "failed"}
    assert "none of those that may be called" in items[1]["error"]
    assert network.called == []


async def test_how_a_modem_is_woken_is_set_for_its_group_and_for_itself(hub: WholeHub) -> None:
    Network(hub).offer()
    await add(hub)
    relay = {"offline": "wake", "wake": {"steps": ["sms", "sms2"], "hold": "10m", "sms_per_day": 2}}
    assert (await hub.call("POST", "/api/v1/groups", {"path": "Север", "relay": relay})).status in (201, 409)
    await hub.call("PATCH", "/api/v1/groups/%D0%A1%D0%B5%D0%B2%D0%B5%D1%80", {"relay": relay})
    await hub.call("PATCH", f"{MODEMS}/{IMEI}", {"relay": {"wake": {"hold": "20s"}}})

    state = WakeState.model_validate((await hub.call("GET", f"{MODEMS}/{IMEI}/wake")).json())
    assert (state.steps, state.hold_s, state.limit.sms) == (["sms", "sms2"], 20.0, 2)
    wrong = await hub.call("PATCH", f"{MODEMS}/{IMEI}", {"relay": {"wake": {"steps": ["shout"]}}})
    assert (wrong.status, wrong.json()["errors"][0]["field"]) == (422, "relay.wake.steps.0")

    reader, writer = await hub.polls()  # a program comes, and waits
    writer.write(b"question")
    await hub.until(lambda: hub.hub.fleet.wakes.current(IMEI) is not None)
    await hub.call("PATCH", f"{MODEMS}/{IMEI}", {"relay": {"offline": "accept"}})
    modem = await hub.dials()
    async with asyncio.timeout(5):
        assert (await modem.reader.readuntil(b"\r")).endswith(b"MOD=DAT,\r")
        assert await modem.reader.readexactly(8) == b"question"
        modem.writer.write(b"answer")
        assert await reader.readexactly(6) == b"answer"
