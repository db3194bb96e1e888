"""A wrong server address sent to 200 modems: a second person approves it, and five are lost, not two hundred."""

import asyncio
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.runtime import Runtime
from tests.e2e.hub_process import HubProcess

MODEMS = 200
OPTIONS = ModemOptions(reconnect_s=(0.2, 0.5), reboot_s=(0.3, 0.6))


async def post(hub: HubProcess, token: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Call REST with a token; return status and answer."""

    def send() -> tuple[int, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{hub.web_port}{path}",
            data=b"" if body is None else json.dumps(body).encode(),
            method="POST",
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    return await asyncio.to_thread(send)


async def token_of(hub: HubProcess, name: str) -> str:
    """Return a token of an engineer."""
    done = await asyncio.to_thread(hub.command, "token", "add", name, "--role", "engineer")
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]


async def standing(hub: HubProcess, job: str, *wanted: str) -> Any:
    """Wait until a job stands as wanted."""
    async with asyncio.timeout(60):
        while (found := await hub.get(job))["status"] not in wanted:
            await asyncio.sleep(0.05)
    return found


@pytest.mark.parametrize("workers", [0, pytest.param(2, marks=pytest.mark.long)])
async def test_a_bad_server_address_stops_at_the_first_step(tmp_path: Path, workers: int) -> None:
    changes: dict[str, dict[str, Any]] = {"relay": {"workers": workers}, "jobs": {"return_within": "3s"}}
    async with HubProcess(tmp_path / "hub", changes) as hub:
        anna, boris = await token_of(hub, "anna"), await token_of(hub, "boris")
        async with Fleet("127.0.0.1", hub.modem_port, MODEMS, options=OPTIONS, runtime=Runtime()) as fleet:
            await fleet.wait_online()
            async with asyncio.timeout(20):
                while sum(each["state"] == "online" for each in (await hub.modems()).values()) < MODEMS:
                    await asyncio.sleep(0.1)
            wish = {"target": {"filter": ""}, "lines": ["AT$CLNT_IPP1=203.0.113.1,5009"]}
            status, job = await post(hub, anna, "/api/v1/modem_settings", wish)
            where = f"/api/v1/jobs/{job['id']}"
            assert (status, job["status"], job["steps"]) == (202, "awaiting_approval", [5, 50, 200])
            assert (await post(hub, anna, f"{where}/approve"))[0] == 409
            assert (await post(hub, boris, f"{where}/approve"))[1]["status"] == "running"

            stopped = await standing(hub, where, "stopped", "done")
            assert (stopped["status"], stopped["step"]) == ("stopped", 1)
            assert stopped["counts"].get("failed", 0) + stopped["counts"].get("done", 0) <= 5
            failed = (await hub.get(f"{where}/items?status=failed&limit=100"))["items"]
            assert {each["result"]["reason"] for each in failed} == {"not_back"}
            told = (await hub.get("/api/v1/events?type=settings_finished&limit=1000"))["items"]
            assert {(each["data"]["status"], each["data"]["reason"]) for each in told} == {("error", "not_back")}

            lost = [modem for modem in fleet.modems if modem.is_lost]
            assert 1 <= len(lost) <= 5
            async with asyncio.timeout(20):
                while fleet.online < MODEMS - len(lost):
                    await asyncio.sleep(0.05)
            assert all(modem.counts.dialogues == 0 for modem in fleet.modems if not modem.is_lost)

            # The same with a harmless value goes over everybody who is left.
            left = [modem.imei for modem in fleet.modems if not modem.is_lost]
            wish = {"target": {"modems": left}, "lines": ["AT$WDT_INTV=12"]}
            _, job = await post(hub, anna, "/api/v1/modem_settings", wish)
            done = await standing(hub, f"/api/v1/jobs/{job['id']}", "stopped", "done")
            assert done["counts"] == {"done": len(left)}
            assert all(modem.settings == {"WDT_INTV": "12"} for modem in fleet.modems if not modem.is_lost)
