"""The automations of one process: rules of the file and of the notification settings, run by one engine."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from irzhub.alerts.messages import Message, Recipient
from irzhub.automation.blueprints import FOLDER, Blueprints
from irzhub.automation.desk import BlueprintView, DryRun, FileView, RulesRefused, RuleView
from irzhub.automation.effects import HubEffects
from irzhub.automation.engine import Engine
from irzhub.automation.memory import Memory
from irzhub.automation.notification_desk import NotificationsChanged
from irzhub.automation.ports import Kept, People
from irzhub.automation.replay import ReplayWorld, nobody, replay
from irzhub.automation.rule import Rule
from irzhub.automation.rule_source import RuleSet, read_rules_text
from irzhub.automation.rules_file import RulesFile, Stamp
from irzhub.automation.run import World
from irzhub.automation.runner import Runner
from irzhub.automation.schema import rules_json_schema
from irzhub.automation.simple import SOURCE, Absences, Settings, compile_settings
from irzhub.automation.surroundings import Surroundings
from irzhub.automation.templates import Templates
from irzhub.automation.triggers import WebhookTrigger, meaning
from irzhub.config.load import read_secrets
from irzhub.config.tree import Problem
from irzhub.config.yaml_file import Unreadable, no_secrets
from irzhub.core.exceptions import IrzhubError
from irzhub.core.hub import HubPhaseChanged
from irzhub.core.tasks import Tasks
from irzhub.storage.automation_memory import load_traces, save_traces
from irzhub.storage.automation_switches import SwitchRow, delete_switch, load_switches, save_switch
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.local import Connection

_log = logging.getLogger(__name__)

PART: Final = "automation"
GOOD_COPY: Final = "automations.last_good.yaml"
"""In the data folder: what ran last, for a start with a file that cannot be used."""
_LOOK_S: Final = 2.0
_FILE: Final = "file"
_TRACES_AT_ONCE: Final = 200
"""Rules whose traces are written in one round; a storm through thousands of rules takes several."""


class Automations:
    """Enter it before the fleet, so that no event is missed; rules run once the fleet is known.

    It is the `desk.AutomationDesk`. A file that cannot be used changes nothing: the rules from before run on, after
    a restart those of the last good file.
    """

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._memory = Memory(around.store)
        self._effects = HubEffects(around.outbox, around.services, around.broker, self._memory)
        self._sooner = asyncio.Event()
        self._runs = around.metrics.counter("automation_runs_total", "Runs of automations, by how they ended", "result")
        self._file = RulesFile(around.settings.config_dir)
        self._absences = Absences(around.bus, around.clock)
        self._tasks = Tasks("automations")
        self._loading = asyncio.Lock()
        self._fleet_known = asyncio.Event()
        self._stamp: Stamp = ()
        self._problems: tuple[Problem, ...] = ()
        self._lines: Mapping[str, int] = {}
        self._loaded_at: datetime | None = None
        self._is_loaded = False
        self._kept: list[Kept] | None = None
        self._switches: dict[str, bool] = {}
        self._hearing: dict[str, Callable[[], None]] = {}
        self._webhooks: dict[str, frozenset[str]] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        around = self._around
        await asyncio.to_thread(self._build)
        async with AsyncExitStack() as stack:
            await self._load_memory()
            stack.push_async_callback(self._memory.stop)
            stack.push_async_callback(self._effects.close)
            stack.push_async_callback(self._save_traces)
            stack.push_async_callback(self._tasks.close)
            self._memory.start()
            stack.callback(self._absences.follow())
            stack.callback(around.bus.subscribe(HubPhaseChanged, self._on_phase))
            stack.callback(around.bus.subscribe(NotificationsChanged, lambda _changed: self._compile()))
            self._compile()
            await self.reload()
            stack.push_async_callback(self.runner.stop)
            self._tasks.spawn(self._run(), "run")
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def _build(self) -> None:
        """Make the engine; the zone is read from the disk."""
        around, hub = self._around, self._around.settings.hub
        self._zone = zone = ZoneInfo(hub.time_zone)
        world = World(around.states, around.clock, Templates(zone, hub.language), zone, hub.language, around.directory)
        acknowledge = around.feed.acknowledge
        self.engine = Engine(world, self._effects, acknowledge, self._runs, around.incidents, self._sooner.set)
        self.runner = Runner(self.engine, around.feed, around.bus, around.health, self._sooner)

    async def _load_memory(self) -> None:
        store = self._around.store
        self._kept = await self._memory.load()
        self._switches = {row.rule: row.is_enabled for row in await store.read(load_switches)}
        for rule, traces in (await store.read(load_traces)).items():
            self.engine.traces.load(rule, traces)
        self._switch()

    def _on_phase(self, changed: HubPhaseChanged) -> None:
        if changed.phase != "stopping":
            self._fleet_known.set()

    async def _run(self) -> None:
        await self._fleet_known.wait()
        self._restore()
        self.runner.start()
        while True:
            await asyncio.sleep(_LOOK_S)
            if await asyncio.to_thread(self._file.stamp) != self._stamp:
                await self.reload()
            await self._save_traces(_TRACES_AT_ONCE)

    def _restore(self) -> None:
        """Go on with what was begun before the restart, once its rules are there."""
        if self._kept is not None and self._is_loaded and self._fleet_known.is_set():
            kept, self._kept = self._kept, None
            self.engine.restore(kept)

    async def _save_traces(self, limit: int | None = None) -> None:
        if not (changed := self.engine.traces.take_changed(limit)):
            return
        now = self._around.clock.now()
        try:
            await self._around.store.write(lambda connection: save_traces(connection, changed, now))
        except LocalStoreFailed as error:
            _log.debug("traces are not written now: %s", error)
            self.engine.traces.changed.update(changed)

    # Rules.

    async def reload(self) -> None:
        """Read the rules again; a file that cannot be used changes nothing, and that is said."""
        async with self._loading:
            self._stamp = await asyncio.to_thread(self._file.stamp)
            found = await asyncio.to_thread(self._file.read)
            if found.problems and not self._is_loaded:
                found = replace(await asyncio.to_thread(self._last_good), problems=found.problems)
                self._use(found)
            elif found.problems:
                self._refuse(found)
            else:
                self._use(found)
                await asyncio.to_thread(self._keep_good)

    def _use(self, found: RuleSet) -> None:
        self.engine.set_rules(_FILE, found.rules)
        self._lines, self._problems = found.lines, found.problems
        self._loaded_at, self._is_loaded = self._around.clock.now(), True
        self._rules_changed()
        self._restore()
        _log.info("%d automations run", len(found.rules))
        if found.problems:
            self._refuse(found)
        else:
            self._around.health.set(PART, "up", f"{len(found.rules)} automations")

    def _refuse(self, found: RuleSet) -> None:
        self._problems = found.problems
        for problem in found.problems[:20]:
            _log.error("%s", problem)
        text = f"{self._file.path.name}: {len(found.problems)} errors, the automations from before run on"
        self._around.health.set(PART, "degraded", text)

    def _last_good(self) -> RuleSet:
        try:
            text = (self._around.settings.hub.data_dir / GOOD_COPY).read_text("utf-8")
        except OSError:
            return RuleSet()
        found = read_rules_text(text, self._around.settings.config_dir, GOOD_COPY)
        return RuleSet() if found.problems else found

    def _keep_good(self) -> None:
        try:
            copy = RulesFile(self._around.settings.hub.data_dir, GOOD_COPY)
            if (text := self._file.text()[0]) != copy.text()[0]:
                copy.write(text, None)
        except OSError as error:
            _log.warning("no copy of the automations is kept for a start with a broken file: %s", error)

    def _compile(self) -> None:
        """Make rules of the notification settings."""
        desk = self._around.notifications
        if desk is not None:
            settings = Settings(desk, self._around.states, self._absences, self._around.settings.hub.language)
            self.engine.set_rules(SOURCE, compile_settings(settings))
            self._rules_changed()

    def _switch(self) -> None:
        switches = self._switches
        self.engine.switch(
            (rule for rule, is_on in switches.items() if not is_on), (rule for rule, is_on in switches.items() if is_on)
        )
        self._rules_changed()

    def _rules_changed(self) -> None:
        """Listen to what the rules that run now listen to."""
        triggers = [trigger for rule in self.engine.book.active() for trigger in rule.triggers]
        self._webhooks = {}
        for each in triggers:
            if isinstance(each, WebhookTrigger):
                secrets = self._webhooks.get(each.webhook_id, frozenset())
                self._webhooks[each.webhook_id] = secrets | ({each.secret} if each.secret else frozenset())
        if (broker := self._around.broker) is None:
            return
        wanted = self.engine.book.topic_filters()
        for topic_filter in self._hearing.keys() - wanted:
            self._hearing.pop(topic_filter)()
        for topic_filter in wanted - self._hearing.keys():
            self._hearing[topic_filter] = broker.listen(topic_filter, self._heard(topic_filter))

    def _heard(self, topic_filter: str) -> Callable[[str, str], None]:
        def hear(topic: str, payload: str) -> None:
            self.engine.happen("mqtt", {"filter": topic_filter, "topic": topic, "payload": payload})

        return hear

    # What others ask (`desk.AutomationDesk`).

    def rules(self) -> list[RuleView]:
        unfinished = self.engine.unfinished()
        return [self._view(rule, unfinished) for rule in self._in_order()]

    def rule(self, id_: str) -> RuleView | None:
        found = self.engine.book.get(id_)
        return None if found is None else self._view(found, self.engine.unfinished())

    def _in_order(self) -> list[Rule]:
        return sorted(self.engine.book, key=lambda rule: (rule.source != _FILE, self._lines.get(rule.id, 0)))

    def _view(self, rule: Rule, unfinished: Mapping[str, int]) -> RuleView:
        traces = self.engine.traces.of(rule.id)
        return RuleView(
            id=rule.id,
            name=rule.name,
            description=rule.description,
            source=rule.source,
            line=self._lines.get(rule.id) if rule.source == _FILE else None,
            mode=rule.mode,
            max=rule.max,
            is_enabled=self.engine.book.is_active(rule),
            is_switched=rule.id in self._switches,
            triggers=tuple(meaning(trigger) for trigger in rule.triggers),
            running=unfinished.get(rule.id, 0),
            counts=dict(self.engine.traces.counts.get(rule.id, {})),
            last_run=traces[0] if traces else None,
        )

    def traces(self, id_: str) -> list[dict[str, Any]]:
        return self.engine.traces.of(id_)

    async def switch(self, id_: str, *, is_enabled: bool | None, by: str) -> bool:
        if id_ not in self.engine.book:
            return False
        row = SwitchRow(id_, bool(is_enabled), self._around.clock.now(), by[:100])

        def store(connection: Connection) -> None:
            if is_enabled is None:
                delete_switch(connection, id_)
            else:
                save_switch(connection, row)

        await self._around.store.write(store)
        self._switches.pop(id_, None)
        if is_enabled is not None:
            self._switches[id_] = is_enabled
        self._switch()
        return True

    async def read_file(self) -> FileView:
        text, version = await asyncio.to_thread(self._file.text)
        return FileView(text=text, version=version, problems=self._problems, loaded_at=self._loaded_at)

    async def validate(self, text: str) -> tuple[Problem, ...]:
        return (await self._read_text(text)).problems

    async def save(self, text: str, *, version: str | None, by: str) -> FileView:
        found = await self._read_text(text)
        if found.problems:
            raise RulesRefused(found.problems)
        await asyncio.to_thread(self._file.write, text, version)
        _log.info("the automations were changed by %s", by)
        await self.reload()
        return await self.read_file()

    async def _read_text(self, text: str) -> RuleSet:
        return await asyncio.to_thread(read_rules_text, text, self._around.settings.config_dir, self._file.path.name)

    async def blueprints(self) -> list[BlueprintView]:
        return await asyncio.to_thread(_blueprints, self._around.settings.config_dir)

    async def dry_run(self, text: str, since: datetime, until: datetime, most_told: int = 1000) -> DryRun:
        around = self._around
        found = await self._read_text(text)
        if found.problems:
            raise RulesRefused(found.problems)
        if around.recorded is None:
            raise IrzhubError("this process has no recorded events")
        events = await around.recorded.between(since, until)
        hub = around.settings.hub
        templates = Templates(self._zone, hub.language)  # of its own: it is used on another thread
        world = ReplayWorld(
            states=list(around.states),
            templates=templates,
            zone=self._zone,
            language=hub.language,
            calendars=around.directory,
            reach=nobody if around.directory is None else partial(_reach, around.directory),
        )
        return await asyncio.to_thread(replay, found.rules, events, since, until, world, most_told)

    def call_webhook(self, webhook_id: str, body: Any) -> bool:
        if webhook_id not in self._webhooks:
            return False
        self.engine.happen("webhook", {"webhook_id": webhook_id, "json": body})
        return True

    def webhook_secrets(self, webhook_id: str) -> frozenset[str] | None:
        return self._webhooks.get(webhook_id)

    def schema(self) -> dict[str, Any]:
        return rules_json_schema()


def _reach(directory: People, message: Message, now: datetime) -> Sequence[Recipient]:
    return directory.reach(message, now).recipients


def _blueprints(config_dir: Path) -> list[BlueprintView]:
    try:
        find_secret = read_secrets(config_dir)
    except Unreadable:
        find_secret = no_secrets
    return [each.view() for each in Blueprints(config_dir / FOLDER, find_secret)]
