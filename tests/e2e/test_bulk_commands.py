"""One command for many modems: each gets it once, whatever happens to the hub meanwhile; also by MQTT."""

import asyncio
import json
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.runtime import Runtime
from tests.e2e.hub_process import HubProcess
from tests.e2e.subscriber import Subscriber
from tests.mosquitto import needs_mosquitto

MODEMS = 300
PULSE = b"$gp4=1"


@pytest.fixture
def obeyed(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Counter[str]]":
    """Count how often each modem was told to pulse."""
    counts: Counter[str] = Counter()
    take = SimulatedModem.take_command_mishap

    def count(modem: SimulatedModem, body: bytes) -> Any:
        counts[modem.imei] += body.startswith(PULSE)
        return take(modem, body)

    monkeypatch.setattr(SimulatedModem, "take_command_mishap", count)
    yield counts


@asynccontextmanager
async def fleet_of(hub: HubProcess, count: int) -> AsyncIterator[Fleet]:
    options = ModemOptions(reconnect_s=(0.2, 1.0), command_delay_s=(0.05, 0.3))
    async with Fleet("127.0.0.1", hub.modem_port, count, options=options, runtime=Runtime()) as fleet:
        await fleet.wait_online()
        yield fleet


async def call(hub: HubProcess, method: str, path: str, body: Any = None) -> Any:
    """Call REST as an administrator."""
    await hub.get("/api/v1/modems?limit=1")  # for the token

    def send() -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{hub.web_port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Bearer {hub._token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    return await asyncio.to_thread(send)


async def begin(hub: HubProcess) -> str:
    """Pulse an output of every modem; return the address of the job."""
    await call(hub, "PATCH", "/api/v1/command_templates/pulse", {"enabled": True})
    wish = {"command": "pulse", "args": {"output": 4}, "target": {"filter": "state:online"}}
    job = await call(hub, "POST", "/api/v1/commands", wish)
    assert job["total"] == MODEMS
    return f"/api/v1/jobs/{job['id']}"


async def until_ended(hub: HubProcess, job: str, share: float = 1.0, within_s: float = 60.0) -> Any:
    """Wait until a share of the job's modems is over."""
    async with asyncio.timeout(within_s):
        while (found := await hub.get(job))["ended"] < share * found["total"]:
            await asyncio.sleep(0.05)
    return found


@pytest.mark.parametrize("way", ["stop", "kill"])
async def test_a_restart_in_the_middle_loses_and_repeats_nothing(
    hub: HubProcess, obeyed: "Counter[str]", way: str
) -> None:
    async with fleet_of(hub, MODEMS):
        job = await begin(hub)
        await until_ended(hub, job, 0.3)

        if way == "stop":
            await hub.stop()
        else:
            hub.kill()
        await hub.start()
        ended = await until_ended(hub, job)

        # What was under way when the hub ended is not sent again, and says that nobody knows.
        assert ended["status"] == "done"
        assert ended["counts"]["done"] + ended["counts"].get("failed", 0) == MODEMS
        failed = (await hub.get(f"{job}/items?status=failed&limit=100"))["items"]
        assert len(failed) <= 32
        assert {"nobody knows" in each["error"] for each in failed} <= {True}
        unsure = {each["modem"] for each in failed}
        assert max(obeyed.values()) == 1
        assert {modem for modem, count in obeyed.items() if count} | unsure == set(await hub.modems())


async def test_pause_resume_and_cancel_work_while_it_runs(hub: HubProcess, obeyed: "Counter[str]") -> None:
    async with fleet_of(hub, MODEMS):
        job = await begin(hub)
        await until_ended(hub, job, 0.1)
        await call(hub, "POST", f"{job}/pause")
        await asyncio.sleep(1.0)
        at_rest = (await hub.get(job))["ended"]
        await asyncio.sleep(0.5)
        assert (await hub.get(job))["ended"] == at_rest

        await call(hub, "POST", f"{job}/resume")
        await until_ended(hub, job, 0.5)
        await call(hub, "POST", f"{job}/cancel")
        ended = await until_ended(hub, job)
        async with asyncio.timeout(10):
            while (ended := await hub.get(job))["status"] != "cancelled":
                await asyncio.sleep(0.05)

        assert ended["counts"]["done"] == sum(obeyed.values())
        assert ended["counts"]["done"] + ended["counts"]["cancelled"] == MODEMS


@needs_mosquitto
async def test_every_command_is_answered_over_mqtt_and_jobs_are_told(hub: HubProcess) -> None:
    options = ModemOptions(ussd="Баланс 120", command_delay_s=(0.0, 0.05), reconnect_s=(0.2, 0.5))
    async with SimulatedModem("127.0.0.1", hub.modem_port, "868000000000007", options) as modem:
        base = f"irzhub/modem/{modem.imei}"
        with Subscriber(hub.mqtt_port) as reader:
            # It may have connected before the reader did, so its event may be past; what is retained is not.
            await asyncio.to_thread(reader.wait, lambda r: r.retained().get(f"{base}/availability") == b"online")

            def ask(name: str, **args: Any) -> dict[str, Any]:
                reader.publish(f"{base}/command", {"transaction": name, "command": name, "args": args})
                reader.wait(lambda r: name in answers(r, base), 40, f"an answer to {name}")
                return answers(reader, base)[name]

            def switch(payload: str) -> None:
                reader.publish(f"{base}/gpo/4/set", payload)
                reader.wait(lambda r: r.retained().get(f"{base}/gpo/4") == payload.encode(), 40, f"gpo {payload}")

            signal = await asyncio.to_thread(ask, "signal")
            ussd = await asyncio.to_thread(lambda: ask("ussd", code="*100#"))
            guess = await asyncio.to_thread(ask, "reboot")
            wrong = await asyncio.to_thread(lambda: ask("set_output", output=9, on=True))
            await asyncio.to_thread(switch, "ON")
            await asyncio.to_thread(switch, "OFF")
            wish = {"command": "signal", "target": {"modems": [modem.imei]}}
            job = (await call(hub, "POST", "/api/v1/commands", wish))["id"]
            await asyncio.to_thread(
                reader.wait, lambda r: any(each["data"]["job"] == job for each in r.events("job_finished")), 40
            )

        assert (signal["status"], signal["data"]["csq"]) == ("ok", 21)
        assert (ussd["status"], ussd["data"]["text"]) == ("ok", "Баланс 120")
        assert (guess["status"], "not confirmed by the vendor" in guess["error"]) == ("error", True)
        assert (wrong["status"], "expected output 1..8, got 9" in wrong["error"]) == ("error", True)


def answers(reader: Subscriber, base: str) -> dict[str, dict[str, Any]]:
    """Return all answers by transaction."""
    found = (message.json for message in tuple(reader.messages) if message.topic == f"{base}/response")
    return {each["transaction"]: each for each in found if each["transaction"]}
