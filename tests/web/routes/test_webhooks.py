"""`/api/v1/webhooks/{webhook}`: programs set rules off by a name that only they and the rules know."""

import json
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from irzhub.automation.rule_source import read_rules_text
from irzhub.outbound.signature import sign
from irzhub.web.webhook_gate import BURST
from tests.conftest import ROOT
from tests.web.routes.whole_hub import WholeHub, whole_hub

OPEN, SIGNED = "J8s0qk2vT5xW1zY4aB7c", "signed-J8s0qk2vT5xW1"
SECRET = "a-secret-of-ours-x"
RULES = f"""
- id: open
  triggers: [{{trigger: webhook, webhook_id: {OPEN}}}]
  actions: [{{action: notify, target: duty, text: "{{{{ trigger.json.place }}}}: пожар"}}]
  mode: parallel
  max: 1000
- id: signed
  triggers: [{{trigger: webhook, webhook_id: {SIGNED}, secret: {SECRET}}}]
  actions: [{{action: notify, target: duty, text: "подписано"}}]
  mode: parallel
  max: 1000
"""


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    (tmp_path / "automations.yaml").write_text(RULES)
    async with whole_hub(tmp_path) as made:
        yield made


async def call(hub: WholeHub, webhook: str, body: bytes = b"", media: str = "application/json", **headers: str) -> int:
    """Call as a program that has nothing but the name; return the status."""
    sent = {"Content-Type": media, **headers} if body else dict(headers)
    async with hub.http.post(f"{hub.hub.web.url}api/v1/webhooks/{webhook}", data=body, headers=sent) as answer:
        return answer.status


def runs(hub: WholeHub, rule: str) -> list[dict[str, Any]]:
    return hub.hub.automations.traces(rule)


async def test_a_call_sets_its_rules_off_with_what_it_says(hub: WholeHub) -> None:
    assert await call(hub, OPEN, json.dumps({"place": "Котельная 5"}).encode()) == 204
    assert await call(hub, OPEN, "просто текст".encode(), "text/plain") == 204
    assert await call(hub, OPEN) == 204

    await hub.until(lambda: len(runs(hub, "open")) == 3)
    assert runs(hub, "open")[-1]["steps"][-1]["text"] == "Котельная 5: пожар"
    assert runs(hub, "signed") == []


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "text/plain", 400),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b"x" * 70_000, "text/plain", 413),
    ],
    ids=["no JSON", "no text", "a form", "too long"],
)
async def test_what_cannot_be_read_sets_nothing_off(hub: WholeHub, body: bytes, media: str, status: int) -> None:
    assert await call(hub, OPEN, body, media) == status
    assert runs(hub, "open") == []


async def test_where_the_rule_has_a_secret_only_signed_calls_pass_and_each_once(hub: WholeHub) -> None:
    body = b'{"on":true}'
    good = sign(SECRET, int(time.time()), body)
    assert await call(hub, SIGNED, body) == 403
    assert await call(hub, SIGNED, body, **sign("another secret of x", int(time.time()), body)) == 403
    assert await call(hub, SIGNED, b"{}", **good) == 403
    assert await call(hub, SIGNED, body, **good) == 204
    assert await call(hub, SIGNED, body, **good) == 403, "played back"
    await hub.until(lambda: runs(hub, "signed"))
    assert len(runs(hub, "signed")) == 1


async def test_names_cannot_be_guessed(hub: WholeHub) -> None:
    found = [await call(hub, f"guess-{number:020}") for number in range(12)]
    assert found == [404] * 10 + [429] * 2
    assert await call(hub, OPEN) == 429, "the guesser must wait, even with the right name"


async def test_one_webhook_cannot_drown_the_hub(hub: WholeHub) -> None:
    found = [await call(hub, OPEN) for _ in range(BURST + 5)]
    assert found.count(204) >= BURST
    assert found[-1] == 429
    assert await call(hub, SIGNED) == 403, "another one is asked for its signature, not told to wait"


@pytest.mark.parametrize("page", ["automations_use.md", "automations_use.ru.md"])
def test_the_rule_of_the_page_is_a_good_one(page: str, tmp_path: Path) -> None:
    (tmp_path / "secrets.yaml").write_text("fire_panel: not-to-be-guessed-x\n")
    [text] = re.findall(r"```yaml\n(.+?)```", (ROOT / "docs" / page).read_text(), re.DOTALL)
    found = read_rules_text(text, tmp_path)
    assert [rule.id for rule in found.rules] == ["fire_panel"]
    assert found.problems == ()
