"""The automations in a hub: files that change, restarts, switches, topics, webhooks, dry runs."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from irzhub.automation import part
from irzhub.automation.desk import RulesChanged, RulesRefused
from tests.automation.process import TELL, Process
from tests.automation.rig import MODEM

WAIT = TELL.replace("input: 1", 'input: 1, to: "on", for: "00:00:01"')


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Process]:
    async with Process(tmp_path) as process:
        yield process


async def test_an_event_becomes_a_message_and_is_done_with(process: Process) -> None:
    process.gpi("ON")
    await process.until(lambda: process.texts == ["Котельная ON"])
    await process.until(lambda: process.journal.cursor("automation").position == 1)

    (rule,) = process.automations.rules()
    assert (rule.id, rule.source, rule.line, rule.triggers, rule.is_enabled) == ("r", "file", 2, ("gpi",), True)
    assert rule.counts == {"done": 1}
    assert rule.last_run is not None
    assert process.automations.traces("r")[0]["steps"][0]["text"] == "Котельная ON"


async def test_a_message_that_is_not_kept_is_told_again_after_a_restart(tmp_path: Path) -> None:
    async with Process(tmp_path) as before:
        before.people.is_away = True
        before.gpi("ON")
        await before.until(lambda: before.texts)
        assert before.journal.cursor("automation").position == 0

    async with Process(tmp_path) as after:
        await after.until(lambda: after.texts == ["Котельная ON"])
        assert after.people.told[0].event_id == before.people.told[0].event_id


async def test_what_is_waited_for_and_what_was_done_outlive_a_restart(tmp_path: Path) -> None:
    async with Process(tmp_path, WAIT) as before:
        before.gpi("ON")
        await before.until(lambda: before.automations.rules()[0].running == 1)
        await before.until(lambda: before.journal.cursor("automation").position == 1)

    async with Process(tmp_path, WAIT) as after:
        await after.until(lambda: after.texts == ["Котельная ON"])
    async with Process(tmp_path, WAIT) as again:
        assert [trace["result"] for trace in again.automations.traces("r")] == ["done"]
        assert again.texts == []


async def test_rules_that_are_new_do_not_tell_of_what_was_done_with(tmp_path: Path) -> None:
    async with Process(tmp_path, None) as before:
        before.gpi("ON")
        await before.until(lambda: before.journal.cursor("automation").position == 1)
    async with Process(tmp_path) as after:
        after.gpi("OFF")
        await after.until(lambda: after.texts)
        assert after.texts == ["Котельная OFF"]


async def test_a_file_that_changed_is_read_again(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    process.write(TELL.replace("modem.name", "modem.group"))
    await process.automations.reload()
    process.gpi("ON")
    await process.until(lambda: process.texts == ["Север ON"])


async def test_a_change_is_seen_without_anybody_saying_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part, "_LOOK_S", 0.02)
    async with Process(tmp_path) as process:
        process.write(TELL + TELL.replace("id: r", "id: r2"))
        await process.until(lambda: len(process.automations.rules()) == 2)


async def test_a_file_with_an_error_changes_nothing(process: Process) -> None:
    process.write(TELL.replace("notify", "notifi"))
    await process.automations.reload()

    process.gpi("ON")
    await process.until(lambda: process.texts == ["Котельная ON"])
    health = process.health.get("automation")
    assert health is not None
    assert (health.state, health.detail) == (
        "degraded",
        "automations.yaml: 1 errors, the automations from before run on",
    )
    file = await process.automations.read_file()
    assert "line 4: [0].actions[0].action: expected notify" in str(file.problems[0])
    process.write(TELL)
    await process.automations.reload()
    assert (await process.automations.read_file()).problems == ()
    assert process.health.get("automation") != health


async def test_a_start_with_a_broken_file_runs_what_ran_last(tmp_path: Path) -> None:
    async with Process(tmp_path, WAIT) as before:
        before.gpi("ON")
        await before.until(lambda: before.automations.rules()[0].running == 1)
        await before.until(lambda: before.journal.cursor("automation").position == 1)
    async with Process(tmp_path, "- id: [") as after:
        await after.until(lambda: after.texts == ["Котельная ON"])
        assert len((await after.automations.read_file()).problems) == 1


async def test_people_switch_rules_off_and_on_whatever_the_file_says(process: Process, tmp_path: Path) -> None:
    assert await process.automations.switch("r", is_enabled=False, by="анна")
    assert not await process.automations.switch("nothing", is_enabled=False, by="анна")
    process.gpi("ON")
    await process.until(lambda: process.journal.cursor("automation").position == 1)
    assert process.texts == []
    view = process.automations.rule("r")
    assert view is not None
    assert (view.is_enabled, view.is_switched) == (False, True)

    assert await process.automations.switch("r", is_enabled=None, by="анна")
    process.gpi("OFF")
    await process.until(lambda: process.texts == ["Котельная OFF"])
    assert process.automations.rule("nothing") is None


async def test_the_text_is_saved_when_it_is_good_and_nobody_else_changed_it(process: Process) -> None:
    automations, before = process.automations, await process.automations.read_file()
    with pytest.raises(RulesRefused, match="line 1: expected a list"):
        await automations.save("a: 1", version=before.version, by="анна")
    assert [str(each) for each in await automations.validate(TELL)] == []

    after = await automations.save(TELL + TELL.replace("id: r", "id: r2"), version=before.version, by="анна")

    assert [rule.id for rule in automations.rules()] == ["r", "r2"]
    assert after.version != before.version
    with pytest.raises(RulesChanged):
        await automations.save(TELL, version=before.version, by="борис")


async def test_rules_hear_and_publish_on_topics_of_others(tmp_path: Path) -> None:
    rules = """
- id: r
  triggers: [{trigger: mqtt, topic: "scada/+/state"}]
  actions: [{action: mqtt, topic: "scada/seen", payload: "{{ trigger.topic }} {{ trigger.json.on }}"}]
"""
    async with Process(tmp_path, rules) as process:
        process.broker.listeners["scada/+/state"]("scada/pump/state", '{"on": 1}')
        await process.until(lambda: process.broker.published)
        assert process.broker.published == [("scada/seen", "scada/pump/state 1", False)]
        process.write(TELL)
        await process.automations.reload()
        assert process.broker.listeners == {}


async def test_a_webhook_is_heard_by_its_name_alone(tmp_path: Path) -> None:
    name = "k7Qm2xZr9TfWb4LcJd8sVn3h"
    rules = f"""
- id: r
  triggers: [{{trigger: webhook, webhook_id: {name}}}]
  actions: [{{action: notify, target: duty, text: "{{{{ trigger.json.level }}}}"}}]
"""
    async with Process(tmp_path, rules) as process:
        await process.until(lambda: process.automations.rules())
        assert not process.automations.call_webhook("nothing", {})
        assert process.automations.webhook_secrets("nothing") is None
        assert process.automations.webhook_secrets(name) == frozenset()
        assert process.automations.call_webhook(name, {"level": 5})
        await process.until(lambda: process.texts == ["5"])
        assert name not in str(process.automations.traces("r"))


async def test_notification_settings_are_rules_too(process: Process) -> None:
    own = {"enabled": True, "recipients": [{"contact": "duty"}], "change": "any"}
    await process.notifications.set_modems({MODEM: {"input": own}}, "анна")
    process.gpi("ON", pin=2)
    await process.until(lambda: process.texts)
    assert {rule.source for rule in process.automations.rules()} == {"file", "notifications"}
    assert process.people.told[0].targets == ("duty",)


async def test_a_dry_run_looks_at_what_was_recorded(process: Process) -> None:
    process.gpi("ON")
    process.gpi("OFF")
    await process.journal.flush()
    now = process.clock.now()

    found = await process.automations.dry_run(TELL, now - timedelta(days=1), now + timedelta(seconds=1))

    assert [(told.text, told.recipients) for told in found.told] == [
        ("Котельная ON", ("contact:duty",)),
        ("Котельная OFF", ("contact:duty",)),
    ]
    with pytest.raises(RulesRefused):
        await process.automations.dry_run("a: 1", now, now)


async def test_blueprints_and_the_schema_are_there(process: Process) -> None:
    folder = process.settings.config_dir / "blueprints"
    folder.mkdir()
    (folder / "door.yaml").write_text("blueprint: {name: Дверь}\ntriggers: []\n")
    assert [each.name for each in await process.automations.blueprints()] == ["Дверь"]
    assert process.automations.schema()["title"] == "irzhub automations"


async def test_health_of_parts_and_the_start_are_told(tmp_path: Path) -> None:
    rules = """
- id: r
  mode: parallel
  triggers:
    - {trigger: hub, event: start}
    - {trigger: hub, event: broker_lost}
    - {trigger: hub, event: broker_back}
  actions: [{action: notify, target: duty, text: "{{ trigger.event }}"}]
"""
    async with Process(tmp_path, rules) as process:
        await process.until(lambda: process.texts == ["start"])
        process.health.set("mqtt", "starting")
        process.health.set("mqtt", "down", "connection refused")
        process.health.set("mqtt", "down", "no answer")
        process.health.set("mqtt", "up")
        await process.until(lambda: len(process.texts) == 3)
        assert process.texts == ["start", "broker_lost", "broker_back"]
