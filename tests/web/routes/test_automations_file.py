"""`/api/v1/automations_file`: the text of the rules, read, checked, tried and saved."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from irzhub.core.events import GpiChanged
from irzhub.web.models_automations import AutomationsFile, DryRunResult
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

FILE = "/api/v1/automations_file"
DOOR = """\
- id: door
  triggers: [{trigger: gpi, input: 1, to: "on"}]
  actions: [{action: sms, to: "+79211234567", text: "{{ modem.name }}: дверь открыта"}]
"""
WRONG = """\
- id: door
  triggers:
    - {trigger: gpi, inptu: 1}
  actions: []
"""


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        yield made


async def test_a_text_is_saved_and_runs_at_once(hub: WholeHub, tmp_path: Path) -> None:
    empty = await hub.call("GET", FILE, token="engineer")
    assert (empty.status, empty.json()["text"], empty.json()["problems"]) == (200, "", [])

    tag = {"If-Match": empty.headers["ETag"]}
    saved = await hub.call("PUT", FILE, {"text": DOOR}, token="engineer", headers=tag)

    assert saved.status == 200, saved.body
    view = AutomationsFile.model_validate(saved.json())
    assert (view.text, view.problems, saved.headers["ETag"]) == (DOOR, [], f'"{view.version}"')
    assert (tmp_path / "automations.yaml").read_text() == DOOR
    assert [rule.id for rule in hub.hub.automations.rules()] == ["door"]
    stale = await hub.call("PUT", FILE, {"text": ""}, headers=tag)
    assert (stale.status, stale.json()["code"]) == (412, "changed_meanwhile")
    assert (await hub.call("GET", FILE, token="operator")).status == 403


async def test_a_wrong_text_changes_nothing_and_each_line_is_named(hub: WholeHub, tmp_path: Path) -> None:
    await hub.call("PUT", FILE, {"text": DOOR})

    refused = await hub.call("PUT", FILE, {"text": WRONG})

    assert (refused.status, refused.json()["code"]) == (422, "rules_refused")
    assert {"field": "[0].triggers[0].inptu", "message": "line 3: unknown key; did you mean `input`?"} in (
        refused.json()["errors"]
    )
    assert (tmp_path / "automations.yaml").read_text() == DOOR
    checked = await hub.call("POST", f"{FILE}/check", {"text": WRONG})
    assert checked.status == 200
    [problem] = [each for each in checked.json()["problems"] if each["line"] == 3]
    assert (problem["key"], problem["file"]) == ("[0].triggers[0].inptu", "automations.yaml")
    assert (await hub.call("POST", f"{FILE}/check", {"text": DOOR})).json() == {"problems": []}
    not_yaml = (await hub.call("POST", f"{FILE}/check", {"text": "- id: [\n"})).json()["problems"]
    assert not_yaml[0]["line"] is not None


async def test_dry_runs_go_one_at_a_time(hub: WholeHub) -> None:
    wanted = {"text": DOOR, "since": "1h"}
    replies = await asyncio.gather(*(hub.call("POST", f"{FILE}/dry_run", wanted) for _ in range(4)))
    assert {reply.status for reply in replies} == {200, 429}
    assert next(reply for reply in replies if reply.status == 429).headers["Retry-After"] == "10"
    assert (await hub.call("POST", f"{FILE}/dry_run", wanted)).status == 200


async def test_a_text_has_a_longest_length(hub: WholeHub) -> None:
    long = DOOR + "# " + "x" * 100_000 + "\n"
    assert (await hub.call("POST", f"{FILE}/check", {"text": long})).json() == {"problems": []}
    assert (await hub.call("POST", f"{FILE}/check", {"text": "#" * 300_000})).status == 413


async def test_a_dry_run_tells_what_would_have_been_told_and_tells_nobody(hub: WholeHub) -> None:
    assert (await hub.call("POST", "/api/v1/modems", {"imei": IMEI, "name": "Котельная 5"})).status == 201
    for level, previous in (("ON", "OFF"), ("OFF", "ON")):
        hub.hub.journal.append(
            GpiChanged(
                ts=hub.hub.clock.now(),
                modem=IMEI,
                pin=1,
                level=level,  # type: ignore[arg-type]
                previous=previous,  # type: ignore[arg-type]
                source="report",
            )
        )
    await hub.hub.journal.flush()

    tried = await hub.call("POST", f"{FILE}/dry_run", {"text": DOOR, "since": "1h"}, token="engineer")

    assert tried.status == 200, tried.body
    result = DryRunResult.model_validate(tried.json())
    assert (result.told_count, result.sms_segments, result.runs) == (1, 1, {"door": {"done": 1}})
    [told] = result.told
    assert (told.text, told.recipients) == ("Котельная 5: дверь открыта", ["sms:+79211234567"])
    of_the_file = (await hub.call("POST", f"{FILE}/dry_run", {})).json()
    assert of_the_file["told_count"] == 0
    assert (await hub.call("POST", f"{FILE}/dry_run", {"text": WRONG})).json()["code"] == "rules_refused"
    for since in ("tomorrow", "999999999d", "2099-01-01T00:00:00Z"):
        refused = await hub.call("POST", f"{FILE}/dry_run", {"since": since})
        assert (refused.status, refused.json()["errors"][0]["field"]) == (422, "since")
