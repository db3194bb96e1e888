"""From the first start's link to a token for a program, against the built product."""

import asyncio
import re
import time
from pathlib import Path

import aiohttp

from irzhub.web.totp import code_at, step_at
from tests.e2e.hub_process import HubProcess

PASSWORD = "correct horse battery"


async def test_first_start_link_admin_second_factor_token_and_out(tmp_path: Path) -> None:
    async with HubProcess(tmp_path) as hub, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        async with asyncio.timeout(10):
            while (found := re.search(r"(http://\S+)/setup\?secret=(\S+)", hub.log)) is None:
                await asyncio.sleep(0.05)
        base, secret = found[1], found[2]
        words: dict[str, str] = {}

        async def call(method: str, path: str, body: object = None, status: int = 200) -> dict[str, str]:
            async with http.request(method, f"{base}{path}", json=body, headers=words) as reply:
                assert reply.status == status, await reply.text()
                return dict(await reply.json()) if status != 204 else {}

        first = {"secret": secret, "name": "anna", "password": PASSWORD}
        words["X-CSRF-Token"] = (await call("POST", "/api/v1/setup", first))["csrf"]
        totp = await call("POST", "/api/v1/session/totp", {"password": PASSWORD})
        step = step_at(time.time())
        await call("POST", "/api/v1/session/totp/confirm", {"code": code_at(totp["secret"], step)})
        await call("DELETE", "/api/v1/session", status=204)

        sign_in = {"name": "anna", "password": PASSWORD, "code": code_at(totp["secret"], step + 1)}
        words["X-CSRF-Token"] = (await call("POST", "/api/v1/session", sign_in))["csrf"]
        made = await call("POST", "/api/v1/tokens", {"name": "scada", "role": "viewer"}, status=201)
        program = {"Authorization": f"Bearer {made['token']}"}
        async with aiohttp.request("GET", f"{base}/api/v1/modems", headers=program) as reply:
            assert reply.status == 200
        await call("DELETE", "/api/v1/session", status=204)
        await call("GET", "/api/v1/session", status=401)

        verified = hub.command("audit", "verify")
        assert verified.stdout == "the audit is whole: rows 1 to 7\n", verified
        assert secret not in hub.log.replace(found[0], "")
