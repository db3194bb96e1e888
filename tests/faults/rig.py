"""A hub with everything round it: broker, database, fleet, programs, subscriber; and what must hold after any fault.

    async with Rig(tmp_path, database=server) as rig:
        with rig.hub_is_away():
            await rig.kill_hub()
        await rig.check()

`check` holds all the invariants against what happened since the check before:

1. nothing is lost: each change that was readable a second before a kill is told once and recorded once;
2. a repeat has the id, and all else, of what it repeats;
3. the changes of a modem come in order;
4. in the end the retained topics, REST, the local file and the database show what is true;
5. memory, descriptors and the log stay within their bounds;
6. `/healthz` answers in time and polls go on, except while the hub itself is away;
7. every poll got the very answer of its own question and its own modem;
8. each part that went is named once in the log, and once when it is back.
"""

import asyncio
import contextlib
import os
import random
import re
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.runtime import Runtime
from tests.checker import Attempt, Verdict, as_received, check_history, missing_numbers
from tests.e2e.hub_process import HubProcess
from tests.e2e.subscriber import Received, Subscriber
from tests.faults.proxy import Proxy
from tests.faults.tally import TALLY
from tests.faults.watch import PATIENCE, Watch, parts_of, queued_s, until
from tests.mariadb import MariaDb
from tests.mosquitto import Mosquitto

BASE_BYTES = 120 << 20
MODEM_BYTES = 20 << 10
PROGRAM_BYTES = 300 << 10
LOG_BYTES_PER_MIN = 1_000_000
DESCRIPTORS = 10
SETTLED_S = 30.0
"""Within this time all is shown as it is; 15 s of them the hub may wait for a pause of a program that polls."""
STARVED_S = 3.0
"""For each so long that others had the processors, one false alarm of a part is forgiven."""
WORKER = "irzhub.relay.worker_process"
PARTS = ("relay", "local_store", "journal", "mqtt", "broker", "database", "web")
QUICK = ModemOptions(reconnect_s=(0.3, 1.5))
"""A modem that dials again sooner than a real one, so that tests are shorter."""


def new_seed() -> int:
    """Return the seed of this run: `IRZHUB_FAULT_SEED`, or a new one; it is printed, and pytest shows it on failure."""
    seed = int(os.environ.get("IRZHUB_FAULT_SEED", random.randrange(1 << 32)))
    print(f"IRZHUB_FAULT_SEED={seed}")
    TALLY.seeds.append(seed)
    return seed


@dataclass
class Rig:
    """See the module.

    Args:
        modems, changes_per_s, programs: the load, which goes on during every fault.
        changes: settings of the hub. prefix: see `HubProcess`.
        database: history goes there, through `database_wire`; None: SQLite.
        modems_wired: modems dial through `modem_wire`. by_name: broker and database have names, see `BadHost`.
        seed: of the fault times, the changes and the wires. doubts: see `in_doubt`.
    """

    folder: Path
    modems: int = 40
    changes_per_s: float = 100.0
    programs: int = 4
    options: ModemOptions = QUICK
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()
    database: MariaDb | None = None
    modems_wired: bool = False
    by_name: bool = False
    data_dir: Path | None = None
    seed: int = field(default_factory=new_seed)
    doubts: list[float] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    told_up_to: int = 0
    _log_read: int = 0
    _starved_s: float = 0.0
    _is_changing: bool = True
    _attempts: list[Attempt] = field(default_factory=list)
    _calls: dict[str, object] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        self.chance = random.Random(self.seed)
        async with AsyncExitStack() as stack:
            await self._start(stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _start(self, stack: AsyncExitStack) -> None:
        self.broker = await stack.enter_async_context(Mosquitto(self.folder))
        self.broker_wire = await stack.enter_async_context(Proxy(self.broker.port, self.seed))
        settings: dict[str, dict[str, Any]] = {
            "hub": {"start_grace": "20s"},
            "mqtt": {"broker": "external", "port": self.broker_wire.port},
        }
        if self.by_name:
            settings["mqtt"]["host"] = "broker.test"
        if self.data_dir is not None:
            settings["hub"]["data_dir"] = str(self.data_dir)
        if self.database is not None:
            self.database_wire = await stack.enter_async_context(Proxy(self.database.port, self.seed))
            self.url = self.database.new_database()
            host = "database.test" if self.by_name else "127.0.0.1"
            place = f"@{host}:{self.database_wire.port}/"
            settings["database"] = {"url": self.url.replace(f"@127.0.0.1:{self.database.port}/", place)}
        for section, keys in self.changes.items():
            settings.setdefault(section, {}).update(keys)
        self.hub = HubProcess(self.folder / "hub", settings, prefix=self.prefix)
        await stack.enter_async_context(self.hub)
        self.reader_wire = await stack.enter_async_context(Proxy(self.broker.port, self.seed))
        self.reader = stack.enter_context(Subscriber(self.reader_wire.port))
        port = self.hub.modem_port
        if self.modems_wired:
            self.modem_wire = await stack.enter_async_context(Proxy(port, self.seed))
            port = self.modem_wire.port
        self.runtime = Runtime(self.seed)
        self.fleet = Fleet("127.0.0.1", port, self.modems, options=self.options, runtime=self.runtime)
        await stack.enter_async_context(self.fleet)
        await self.all_online()
        await until(self._all_asked, SETTLED_S, "every modem asked for its pins")
        await until(self._all_shown, SETTLED_S, "every modem in REST, which shows what is committed")
        shown = await self.hub.modems()
        self.ports = {imei: int(each["port"]) for imei, each in shown.items()}
        polled = [modem.imei for modem in self.fleet.modems[: self.programs]]
        self.watch = Watch(self.hub.web_port, {imei: self.ports[imei] for imei in polled}, lambda: self.hub.pid)
        await stack.enter_async_context(self.watch.running())
        await asyncio.sleep(0.5)
        self._descriptors = self._count_descriptors()
        self._log_read = len(self.hub.log)
        self._since = time.monotonic()
        changer = asyncio.get_running_loop().create_task(self._change())
        stack.push_async_callback(_cancel, changer)

    # The load

    async def _change(self) -> None:
        while True:
            await asyncio.sleep(self.chance.expovariate(self.changes_per_s) if self.changes_per_s else 1.0)
            if self._is_changing and self.changes_per_s:
                self.change(self.chance.choice(self.fleet.modems), self.chance.randint(1, 3))

    def change(self, modem: SimulatedModem, pin: int) -> None:
        """Turn one input round and note it for the checker."""
        call = modem._call
        modem.toggle_pin(pin)
        done = self.runtime.truth.changes.pop()
        is_first = self._calls.get(modem.imei) is not call
        if done.sent:
            self._calls[modem.imei] = call
        self._attempts.append(Attempt(done.t, done.imei, done.pin, done.level, done.sent, is_first))

    async def _all_asked(self) -> bool:
        return all(modem.was_asked_for_pins for modem in self.fleet.modems)

    async def _all_shown(self) -> bool:
        return set(self.fleet.by_imei) <= set(await self.hub.modems())

    @contextmanager
    def no_changes(self) -> Iterator[None]:
        """Let no input change but by the test."""
        self._is_changing = False
        try:
            yield
        finally:
            self._is_changing = True

    async def work(self, seconds: float) -> None:
        """Let everything run for about so long, a time that the seed gives."""
        await asyncio.sleep(seconds * self.chance.uniform(0.5, 1.5))

    # Faults of the hub itself; others go by `broker`, `database` and the wires.

    @contextmanager
    def hub_is_away(self, after_s: float = 1.0) -> Iterator[None]:
        """Hold nothing against the hub while it is killed, stopped or cut off."""
        with self.watch.excused(after_s):
            yield

    def in_doubt(self) -> None:
        """Note that a change of the last second may be lost: what was in a socket dies with it."""
        self.doubts.append(time.time())

    async def kill_hub(self, away_s: float = 0.3) -> tuple[float, float]:
        """SIGKILL the hub in mid-work, start it again and wait until all modems are back.

        Returns:
            After how many seconds the hub was seen to be ready, and for how many of them it, or who looks, stood in
            the queue for a processor.
        """
        self.in_doubt()
        self.hub.kill()
        TALLY.fault("hub killed")
        await asyncio.sleep(away_s)
        began, queued = time.monotonic(), queued_s(os.getpid())
        await self.hub.start()
        ready_s, queued = time.monotonic() - began, self.watch.queued_s() - queued
        await self.all_online()
        return ready_s, queued

    def workers(self) -> list[int]:
        """Return the process ids of the hub's relay workers."""
        found = []
        for child in psutil.Process(self.hub.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # it has just been killed
                if WORKER in child.cmdline():
                    found.append(child.pid)
        return sorted(found)

    async def kill_worker(self) -> None:
        """SIGKILL one of the relay workers and wait until its modems are back."""
        self.in_doubt()
        before = self.workers()
        victim = self.chance.choice(before)
        os.kill(victim, signal.SIGKILL)
        TALLY.fault("worker killed")

        async def is_replaced() -> bool:
            now = self.workers()
            return victim not in now and len(now) == len(before)

        await until(is_replaced, 15, "another worker in the place of the killed one")
        await self.all_online()

    async def all_online(self) -> None:
        """Wait until every modem is connected."""
        await self.fleet.wait_online(timeout_s=60 * PATIENCE)

    async def until_part(self, part: str, state: str, within_s: float = 15.0) -> str:
        """Wait until `/readyz` says so of a part; return the cause that it names."""

        async def is_so() -> bool:
            return (await parts_of(self.hub.web_port))[part]["state"] == state

        await until(is_so, within_s, f"{part} is {state}")
        return (await parts_of(self.hub.web_port))[part].get("detail", "")

    # What must hold

    async def check(self, downs: dict[str, int] | None = None) -> None:
        """Stop the changes, hold all the invariants against what happened, and let the changes go on.

        Args:
            downs: how often each part went, as the log must tell; 0 for those that are not named.
        """
        self._is_changing = False
        await asyncio.sleep(0.7)
        await self.all_online()
        queued = self.watch.queued_s()
        took_s = await until(self._shows_the_truth, SETTLED_S, "topics, REST and files show the truth")
        queued = max(0.0, self.watch.queued_s() - queued)
        events = await self._all_events()
        await asyncio.to_thread(
            self.reader.wait,
            lambda r: {each["seq"] for each in events} <= {each["seq"] for each in r.events()},
            30 * PATIENCE,
            "every event of the journal told",
        )
        self._check_history(events)
        await self._check_recorded(events)
        self._check_log(downs or {})
        await self._check_bounds()
        complaints = self.watch.complaints()
        assert not complaints, "\n".join(complaints[:20])
        assert took_s < SETTLED_S + queued, f"the truth was shown after {took_s:.1f} s"
        TALLY.saw("checks_of_all_invariants", 1)
        self._begin_anew(events[-1]["seq"] if events else self.told_up_to)

    async def _shows_the_truth(self) -> bool:
        retained, shown = self.reader.retained(), await self.hub.modems()
        stored = await asyncio.to_thread(self._stored_pins)
        assert retained.get("irzhub/bridge/state") == b"online"
        for modem in self.fleet.modems:
            topic, rest = f"irzhub/modem/{modem.imei}", shown[modem.imei]
            assert (retained[f"{topic}/availability"], rest["state"], rest["stale"]) == (b"online", "online", False)
            assert rest["port"] == self.ports[modem.imei]
            for pin in (1, 2, 3):
                level = "ON" if modem.pins.is_high(pin) else "OFF"
                found = retained[f"{topic}/gpi/{pin}"].decode(), rest["gpi"][str(pin)], stored[modem.imei, pin]
                assert found == (level, level, level), f"{modem.imei} pin {pin} is {level}: topic, REST, file {found}"
        return True

    def _stored_pins(self) -> dict[tuple[str, int], str]:
        data_dir = self.data_dir or self.hub.folder / "data"
        with contextlib.closing(sqlite3.connect(f"file:{data_dir / 'hub.db'}?mode=ro", uri=True)) as connection:
            return {
                (modem, pin): level for modem, pin, level in connection.execute("select modem, pin, level from pins")
            }

    async def _all_events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after = self.told_up_to
        while page := (await self.hub.get(f"/api/v1/events?after_seq={after}"))["items"]:
            found.extend(page)
            after = page[-1]["seq"]
        return found

    def _check_history(self, events: list[dict[str, Any]]) -> None:
        told = [each for each in tuple(self.reader.messages) if each.topic.endswith("/event")]
        received = [as_received(each.json, each.at) for each in told if each.json["seq"] > self.told_up_to]
        TALLY.saw("changes", len(self._attempts))
        TALLY.saw("events", len(events))
        verdict = check_history(self._attempts, [each for each in received if each is not None], self.doubts)
        TALLY.saw("repeats", verdict.duplicated)
        TALLY.saw("recovered", verdict.recovered)
        TALLY.saw("had_to_arrive", verdict.acked)
        TALLY.saw("lost", verdict.lost)
        TALLY.saw("out_of_order", verdict.order_violations)
        assert verdict.is_good, self._explain(verdict, told)
        stored = {each["id"] for each in events}
        fresh = [each.json for each in told if each.json["seq"] > self.told_up_to]
        ghosts = [each for each in fresh if each["id"] not in stored and each.get("durable", True)]
        assert not ghosts, f"{len(ghosts)} events told and not stored: {ghosts[:3]}"
        # What the disk could not take in time was told as such, and is stored by now.
        by_id = {each.json["id"]: {k: v for k, v in each.json.items() if k != "durable"} for each in told}
        differing = [each for each in events if by_id[each["id"]] != each]
        assert not differing, f"told otherwise than stored: {differing[:3]}"
        numbers = [each["seq"] for each in events]
        assert not missing_numbers([self.told_up_to, *numbers] if self.told_up_to else numbers), "numbers are missing"

    def _explain(self, verdict: Verdict, told: list[Received]) -> str:
        """Return what the checker found, and all that is known of the first input concerned."""
        lines = [f"lost {verdict.lost}, unexpected {verdict.unexpected}, out of order {verdict.order_violations}"]
        lines += verdict.details[:10]
        if found := re.search(r"imei='(\d+)', pin=(\d)", verdict.details[0]):
            imei, pin = found[1], int(found[2])
            history = [(each.t, f"changed {each}") for each in self._attempts if (each.imei, each.pin) == (imei, pin)]
            history += [(doubt, "fault") for doubt in self.doubts]
            history += [
                (each.at, f"told {each.payload!r}")
                for each in told
                if (each.json["modem"], each.json["data"].get("pin", pin)) == (imei, pin)
            ]
            lines += [f"{t:.3f} {what}" for t, what in sorted(history)]
        return "\n".join(lines)

    async def _check_recorded(self, events: list[dict[str, Any]]) -> None:
        wanted = [(each["seq"], each["id"]) for each in events]

        async def are_recorded() -> bool:
            found = await asyncio.to_thread(self._recorded)
            assert len(found) >= len(wanted), f"{len(wanted) - len(found)} of {len(wanted)} events to come"
            return found == wanted

        await until(are_recorded, SETTLED_S, "the database has each event of the journal, once, in order")

    def _recorded(self) -> list[tuple[int, str]]:
        sql = f"select seq, id from events where seq > {self.told_up_to} order by seq"
        if self.database is not None:
            found: Any = self.database.query(sql, self.url.rpartition("/")[2])
            return [(int(seq), str(id_)) for seq, id_ in found]
        path = (self.data_dir or self.hub.folder / "data") / "history.db"
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return [(seq, id_) for seq, id_ in connection.execute(sql)]

    def _check_log(self, downs: dict[str, int]) -> None:
        said = self.hub.log[self._log_read :]
        minutes = max((time.monotonic() - self._since) / 60, 1.0)
        assert len(said) <= LOG_BYTES_PER_MIN * minutes, f"{len(said)} bytes of log in {minutes:.1f} min"
        assert "Traceback" not in said, said[said.index("Traceback") - 500 :][:3000]
        # A hub that gets no processor for seconds cannot know that nobody else is to blame.
        false_alarms = int((self.watch.starved_s - self._starved_s) / STARVED_S)
        for part in PARTS:
            times = len(re.findall(rf"\b{part} is (?:down|degraded)\b", said))
            assert 0 <= times - downs.get(part, 0) <= false_alarms, f"{times} times {part} went:\n{_tail(said)}"
            back = len(re.findall(rf"\b{part} is up\b", said))
            assert back >= times, f"the log says {times} times that {part} went, and {back} times that it is back"

    async def _check_bounds(self) -> None:
        allowed = BASE_BYTES + MODEM_BYTES * self.modems + PROGRAM_BYTES * self.programs
        assert self.hub.rss <= allowed, f"{self.hub.rss >> 20} MB of memory, {allowed >> 20} are allowed"

        async def are_back() -> bool:
            now = self._count_descriptors()
            assert abs(now - self._descriptors) <= DESCRIPTORS, f"{now} descriptors, {self._descriptors} at the start"
            return True

        await until(are_back, 60, "descriptors back where they were")

    def _count_descriptors(self) -> int:
        return int(psutil.Process(self.hub.pid).num_fds())

    def _begin_anew(self, told_up_to: int) -> None:
        newest = {each.topic: each for each in tuple(self.reader.messages) if not each.topic.endswith("/event")}
        self.reader.messages[:] = list(newest.values())
        self._attempts.clear()
        self.doubts.clear()
        self.told_up_to = told_up_to
        self._log_read = len(self.hub.log)
        self._since = time.monotonic()
        self._starved_s = self.watch.starved_s
        self._is_changing = True


async def _cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _tail(text: str) -> str:
    return "\n".join(text.splitlines()[-30:])
