"""Markup and scripts in every field that a modem, a program, an SMS or an import can set: the page shows text."""

import asyncio
from typing import Any, Final

import aiohttp
import pytest
from playwright.async_api import Page

from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from tests.e2e.hub_process import HubProcess
from tests.page.browser import Visitor
from tests.page.fleet_of import operator
from tests.page.test_walk import views

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

PAYLOADS: Final = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "'\"--><iframe src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "<style>*{display:none}</style>",
    "<math><mtext><mglyph><style><img src=x onerror=alert(1)>",
    "<link rel=stylesheet href=http://192.0.2.1/x.css>",
    "<base href=http://192.0.2.1/>",
    "<form action=http://192.0.2.1/><input autofocus onfocus=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "\u202egnp.exe<b onmouseover=alert(1)>",
    '=HYPERLINK("http://192.0.2.1";"x")',
    "@:key | v-html {n}",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "</title><script>alert(1)</script>",
    "<details open ontoggle=alert(1)>",
)
FIRST: Final = 990_000_100_000_000
UNTIL: Final = "2126-01-01T00:00:00Z"
_ONLINE_S: Final = 30.0
WRITTEN: set[str] = set()
TAKEN: set[str] = set()
"""What was written to, and what took at least one of the texts: a test that is refused everywhere shows nothing."""
_SETTLED_MS: Final = 700
_MADE_OF_TEXT: Final = """() => [...document.querySelectorAll(
  'script:not([src]), iframe, base, math, template, [onerror], [onload], [onfocus], [ontoggle], [onmouseover], ' +
  'a[href^="javascript:"], img[src="x"], link[href*="192.0.2.1"], form[action*="192.0.2.1"]'
)].map((each) => each.outerHTML)"""


async def test_hostile_texts_are_texts_in_every_view(hub: HubProcess, someone: Visitor) -> None:
    modems = [hostile_modem(hub, number, payload) for number, payload in enumerate(PAYLOADS)]
    async with operator(hub) as http:
        for modem in modems:
            modem.start()
        try:
            await until_known(http, len(modems))
            for number, payload in enumerate(PAYLOADS):
                await describe(http, str(FIRST + number), number, payload)
            refused = sorted(WRITTEN - TAKEN)
            assert refused == [], "each of these takes some of the texts"
            found = await look_everywhere(someone, str(FIRST))
        finally:
            for modem in modems:
                await modem.stop()

    assert found == {}
    assert someone.faults == []


def hostile_modem(hub: HubProcess, number: int, payload: str) -> SimulatedModem:
    """A modem whose hello says such a thing wherever its firmware may write what it likes."""
    # A comma ends a value in the hello and a line end the hello itself.
    said = payload.replace(",", ";").encode("ascii", "replace").decode()[:60]
    options = ModemOptions(model=said, build=said, iccid=said[:20], lbs=said, interface=said, ussd=payload)
    return SimulatedModem("127.0.0.1", hub.modem_port, str(FIRST + number), options)


async def until_known(http: aiohttp.ClientSession, wanted: int) -> None:
    """Wait until the hub has met all modems."""
    async with asyncio.timeout(_ONLINE_S):
        while True:
            async with http.get("api/v1/modems?limit=1000") as answer:
                if len((await answer.json())["items"]) >= wanted:
                    return
            await asyncio.sleep(0.2)


async def describe(http: aiohttp.ClientSession, modem: str, number: int, payload: str) -> None:
    """Write the payload wherever people, programs, messages and imports write; what is refused is as good."""
    site = {"name": payload[:60], "address": payload, "contact": payload, "access_notes": payload, "comment": payload}
    made = await ask(http, "POST", "sites", site)
    edit = {"name": payload[:60], "comment": payload, "group": payload.replace("/", "|")[:60]}
    await ask(http, "PATCH", f"modems/{modem}", edit | ({"site": made["id"]} if made else {}))
    await ask(http, "PATCH", f"modems/{modem}", {"inputs": {"1": {"name": payload[:40]}}})
    await ask(
        http, "POST", "meters", {"modem": modem, "type": payload[:40], "serial": payload[:30], "comment": payload}
    )
    await ask(http, "POST", "organisations", {"id": f"o{number}", "name": payload[:60], "comment": payload})
    await ask(http, "PUT", f"programs/127.0.0.{number + 1}", {"name": payload[:60], "comment": payload})
    await ask(http, "POST", "shift_log", {"text": payload})
    await ask(http, "POST", "maintenance_windows", {"modem": modem, "until": UNTIL, "reason": payload})
    await ask(http, "POST", "groups", {"path": f"{payload.replace('/', '|')[:60]}"})


async def ask(http: aiohttp.ClientSession, method: str, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """Send a request; None when the hub will not take such a text."""
    patch = {"Content-Type": "application/merge-patch+json"} if method == "PATCH" else {}
    headers = {**patch, "Idempotency-Key": f"{path}-{hash(str(body)) & 0xFFFFFFFF}", "If-Match": "*"}
    async with http.request(method, f"api/v1/{path}", json=body, headers=headers) as answer:
        assert answer.status < 500, f"{method} {path}: {await answer.text()}"
        kind = f"{method} {path.split('/')[0]}"
        WRITTEN.add(kind)
        if answer.status not in (200, 201):
            return None
        TAKEN.add(kind)
        return dict(await answer.json())


async def look_everywhere(someone: Visitor, modem: str) -> dict[str, Any]:
    """Return by view what became of a text that is no text: elements, or what the browser complained of."""
    await someone.open("/")
    await someone.sign_in()
    page, wrong = someone.page, {}
    await page.wait_for_selector("[role=grid] .body > .tr")
    all_columns = (
        "state,name,imei,address,signal,inputs,cause,age,group,site,operator,iccid,model,firmware,cell,comment"
    )
    for path in [f"/?cols={all_columns}", *await views(someone), f"/modems/{modem}"]:
        before = len(someone.faults)
        await someone.open(path)
        await page.wait_for_selector(".app main.view > *:visible")
        await page.wait_for_timeout(_SETTLED_MS)
        made = await elements_of_text(page)
        if made or someone.faults[before:]:
            wrong[path] = [*made, *someone.faults[before:]]
    await page.goto(f"{someone.root}/")
    await page.wait_for_selector("[role=grid] .body > .tr")
    assert any("<script>" in text for text in await someone.texts("[role=grid] .c-name")), (
        "the texts are shown as they are"
    )
    return wrong


async def elements_of_text(page: Page) -> list[str]:
    """Return elements that only a text of somebody else can have made."""
    found: list[str] = await page.evaluate(_MADE_OF_TEXT)
    return found
