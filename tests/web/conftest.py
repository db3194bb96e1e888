"""A web server on a real socket over a real local store and journal; only the fleet is a plain list."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Unpack

import aiohttp
import pytest
from aiohttp import web

from irzhub.config.settings import Settings, WebSettings
from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.exceptions import UnknownModem
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import ModemState, StateStore
from irzhub.fleet.meters import MeterDesk
from irzhub.fleet.orders import Orders
from irzhub.fleet.outputs import OutputDesk
from irzhub.fleet.poll_book import PollBook
from irzhub.journal.journal import Journal
from irzhub.relay.orders import SendCommand
from irzhub.storage.accounts import TokenRow, add_token
from irzhub.storage.history import HistoryStore
from irzhub.storage.inputs import InputRow
from irzhub.storage.local import LocalStore
from irzhub.storage.meters import MeterRow
from irzhub.storage.modems import ModemRow, RowEdit
from irzhub.storage.outputs import OutputRow
from irzhub.web.app import WebServer
from irzhub.web.connection import HttpLimits
from irzhub.web.context import CONTEXT, WebContext
from irzhub.web.desks import Desks
from irzhub.web.permissions import ROLES
from irzhub.web.ports import Newcomer

WHEN = datetime(2026, 11, 21, 18, 57, 3, 120000, tzinfo=UTC)
IMEI = "868441036775234"


@dataclass
class Knocker:
    modem: str
    imei: str
    channel: int | None = None
    peer: str = "10.1.2.3:4001"
    reason: str = "the password is another one"
    last_seen: datetime = WHEN


@dataclass
class PlainRegistry:
    """The fleet's side, kept in a dictionary: what `fleet` offers to the web."""

    states: StateStore
    rows: dict[str, ModemRow] = field(default_factory=dict)
    settings: dict[str, dict[int, InputRow]] = field(default_factory=dict)
    knocking: list[Newcomer] = field(default_factory=list)
    meter_desk: MeterDesk | None = None
    output_desk: OutputDesk | None = None

    def get(self, modem: str) -> ModemRow:
        try:
            return self.rows[modem]
        except KeyError:
            raise UnknownModem(f"no modem {modem!r} is registered") from None

    def inputs(self, modem: str) -> Mapping[int, InputRow]:
        return self.settings.get(modem, {})

    def outputs(self, modem: str) -> Mapping[int, OutputRow]:
        return {} if self.output_desk is None else self.output_desk.of(modem)

    async def edit(
        self,
        modem: str,
        *,
        inputs: Mapping[int, InputRow] | None = None,
        **changes: Unpack[RowEdit],
    ) -> None:
        self.rows[modem] = replace(self.get(modem), **changes)
        self.settings.setdefault(modem, {}).update(inputs or {})
        shown: dict[str, Any] = {name: value for name, value in changes.items() if name != "overrides"}
        self.states.update(modem, **shown)

    def address(self, modem: str, towards: str | None = None) -> str:
        return f"{towards or '10.0.0.5'}:{self.get(modem).port}"

    def lineage(self, modem: str) -> tuple[str, ...]:
        return (modem,)

    def meters_of(self, modem: str) -> list[MeterRow]:
        return [] if self.meter_desk is None else self.meter_desk.meters(modem)

    def quarantined(self) -> Sequence[Newcomer]:
        return self.knocking


@dataclass
class Hub:
    """The server, the ground that it stands on, and a client."""

    server: WebServer
    http: aiohttp.ClientSession
    store: LocalStore
    journal: Journal
    states: StateStore
    registry: PlainRegistry
    health: Health
    metrics: Metrics
    services: Services
    bus: Bus
    settings: Settings
    desks: Desks
    sent: list[SendCommand]
    present: set[str]

    @property
    def app(self) -> web.Application:
        assert self.server._app is not None
        return self.server._app

    @property
    def context(self) -> WebContext:
        return self.app[CONTEXT]

    def url(self, path: str) -> str:
        return f"{self.server.url.rstrip('/')}{path}"

    def add_modem(self, modem: str = IMEI, **values: Any) -> ModemState:
        port = 20000 + len(self.registry.rows)
        texts = {key: values.get(key, "") for key in ("name", "group", "comment", "organisation", "site")}
        self.registry.rows[modem] = replace(modem_row(modem, port), **texts)
        defaults: dict[str, Any] = {"imei": modem.partition("_")[0], "port": port, "registered_at": WHEN}
        state = ModemState(modem=modem, **{**defaults, **values})
        self.states.add(state)
        return state

    async def call(self, method: str, path: str, token: str | None = "admin", **options: Any) -> "Reply":
        headers = dict(options.pop("headers", {}))
        if token is not None:
            headers.setdefault("Authorization", f"Bearer {TOKENS.get(token, token)}")
        async with self.http.request(method, self.url(path), headers=headers, **options) as response:
            return Reply(response.status, response.headers, await response.read())

    async def get(self, path: str, token: str | None = "admin", **options: Any) -> "Reply":
        return await self.call("GET", path, token, **options)


@dataclass
class Reply:
    """An answer that was read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)

    def json_or_none(self) -> dict[str, Any]:
        """The body as an object, an empty one when it is none."""
        return dict(self.json()) if "json" in self.headers.get("Content-Type", "") else {}


TOKENS = {role: f"token-of-{role}" for role in ROLES}


def modem_row(modem: str, port: int) -> ModemRow:
    return ModemRow(
        modem=modem,
        imei=modem.partition("_")[0],
        channel=None,
        driver="irz",
        host="0.0.0.0",
        port=port,
        name="",
        group="",
        comment="",
        password=None,
        registered_at=WHEN,
    )


def token_row(name: str, token: str, role: str, **values: Any) -> TokenRow:
    digest = hashlib.sha256(token.encode()).hexdigest()
    return TokenRow(id=f"{name:0>26}", name=name, role=role, hash=digest, created_at=WHEN, **values)


@pytest.fixture
def web_settings() -> WebSettings:
    """Overridden by tests that need another `web` section."""
    return WebSettings(port=0)


@pytest.fixture
def limits() -> HttpLimits:
    """Overridden by tests of slow peers."""
    return HttpLimits()


@pytest.fixture
async def hub(tmp_path: Path, web_settings: WebSettings, limits: HttpLimits) -> AsyncIterator[Hub]:
    clock, bus, metrics, services = SystemClock(), Bus(), Metrics(), Services()
    states, health = StateStore(bus), Health(bus)
    registry = PlainRegistry(states)
    settings = Settings(web=web_settings)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(LocalStore(tmp_path))
        journal = await stack.enter_async_context(Journal(store, bus, clock, health, metrics))

        def add_tokens(connection: Any) -> None:
            for role, token in TOKENS.items():
                add_token(connection, token_row(role, token, role))

        await store.write(add_tokens)
        health.set("relay", "up")
        health.set("local_store", "up")
        meters = MeterDesk(store, journal, bus, clock, PollBook(), settings.hub.time_zone)
        await meters.load()
        registry.meter_desk = meters
        history = await stack.enter_async_context(HistoryStore("sqlite:///history.db", tmp_path, "main"))
        sent: list[SendCommand] = []
        present: set[str] = set()
        orders = Orders(
            settings,
            store,
            journal,
            bus,
            states,
            services,
            metrics,
            clock,
            states,
            sent.append,
            lambda modem: modem in present,
        )
        registry.output_desk = orders.outputs
        await orders.start()
        await orders.start_jobs()
        stack.push_async_callback(orders.close)
        desks = Desks(meters=meters, orders=orders, history=history)
        parts = (settings, states, registry, health, metrics, store, services, bus, clock, journal)
        server = WebServer(*parts, limits=limits, desks=desks)
        await stack.enter_async_context(server)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield Hub(
            server,
            http,
            store,
            journal,
            states,
            registry,
            health,
            metrics,
            services,
            bus,
            settings,
            desks,
            sent,
            present,
        )
