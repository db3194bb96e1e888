"""A hub with something on every view: practice modems, an open alert, a rule that ran, a job, people, plans."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import aiohttp

from tests.e2e.hub_process import HubProcess
from tests.page.conftest import add_user
from tests.page.fleet_of import operator, practise

MODEM: Final = "990000000000000"
RULE: Final = "greeting"
UNTIL: Final = "2126-01-01T00:00:00Z"
_RULES: Final = f"""\
- id: {RULE}
  alias: Вышел на связь
  triggers:
    - {{trigger: connected}}
  actions:
    - {{action: notify, target: duty, text: "{{{{ modem.name }}}}"}}
"""
_WEAK_DBM: Final = -60
"""Nearly every practice modem has less, so its weak signal is an open alert."""
_SOON_S: Final = 30.0


@contextlib.asynccontextmanager
async def furnished_hub(folder: Path) -> AsyncIterator[tuple[HubProcess, list[str]]]:
    """Run it; yield it with the addresses of what was made: the job, the rule and the alert."""
    async with HubProcess(folder, changes={"alerts": {"weak_signal": _WEAK_DBM}}) as hub:
        await asyncio.to_thread(add_user, hub, "admin", "admin")
        async with operator(hub) as http:
            await _furnish(http)
            await practise(hub)
            job = await _made(http, "POST", "commands", {"command": "signal", "target": {"modems": [MODEM]}})
            await _made(http, "POST", "maintenance_windows", {"modem": MODEM, "until": UNTIL, "reason": "Замена шкафа"})
            await _made(http, "POST", "visits", {"modem": MODEM, "cause": "Осмотр"})
            alert = await _open_alert(http)
        yield hub, [f"/jobs/{job['id']}", f"/automations/rule/{RULE}", f"/alerts/{alert}"]


async def _furnish(http: aiohttp.ClientSession) -> None:
    anna = {"title": "Громова А. С.", "addresses": [{"channel": "sms", "address": "+79211234567"}]}
    await _made(http, "PUT", "contacts/anna", anna)
    await _made(http, "PUT", "teams/brigade", {"members": ["anna"]})
    await _made(http, "PUT", "rosters/duty", {"otherwise": ["anna"]})
    await _made(http, "PUT", "ladders/alarm", {"steps": [{"targets": ["duty"]}]})
    await _made(http, "PUT", "calendars/feasts", {"free": ["2126-05-09"]})
    await _made(http, "PUT", "automations_file", {"text": _RULES})
    await _made(http, "POST", "organisations", {"id": "north", "name": "Северные сети"})
    await _made(http, "POST", "tokens", {"name": "АСКУЭ", "role": "viewer"})
    await _made(http, "POST", "shift_log", {"text": "Принял без замечаний"})
    schedule = {"name": "Утро", "kind": "availability", "at": "07:00", "recipients": ["duty@example.ru"]}
    await _made(http, "POST", "report_schedules", schedule)


async def _made(http: aiohttp.ClientSession, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    key = {"Idempotency-Key": path} if method == "POST" else {}
    async with http.request(method, f"api/v1/{path}", json=body, headers=key) as answer:
        assert answer.status in (200, 201, 202), f"{method} {path}: {await answer.text()}"
        return dict(await answer.json())


async def _open_alert(http: aiohttp.ClientSession) -> int:
    async with asyncio.timeout(_SOON_S):
        while True:
            async with http.get("api/v1/alerts?state=open") as answer:
                if items := (await answer.json())["items"]:
                    return int(items[0]["id"])
            await asyncio.sleep(0.2)
