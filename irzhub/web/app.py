"""The web server as one part of the hub: the application, its socket and its housekeeping."""

import asyncio
import errno
import logging
import socket
import ssl
from contextlib import AsyncExitStack
from functools import partial
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from irzhub.audit.trail import AuditTrail
from irzhub.config.settings import Settings, WebSettings
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.exceptions import StartError
from irzhub.core.handover import Handover
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.storage.accounts import TokenRow, UserRow, count_users, find_token, get_user, touch_token
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.sites import SiteRow
from irzhub.web.account_identity import identity_of_token
from irzhub.web.audit import ACTION, audited
from irzhub.web.auth import KnownToken, TokenCheck
from irzhub.web.backups import BACKUPS, Backups
from irzhub.web.connection import HttpConnection, HttpConnections, HttpLimits
from irzhub.web.context import CONTEXT, WebContext
from irzhub.web.desks import Desks
from irzhub.web.exposition import Exposition
from irzhub.web.fleet_notes import FleetNotes
from irzhub.web.hub_watch import HubWatch
from irzhub.web.idempotency import idempotent
from irzhub.web.locality import is_loopback
from irzhub.web.map_tiles import MAP, Map, read_map_tiles
from irzhub.web.middleware import add_headers, boundary, permission, refuse_expectations, same_origin
from irzhub.web.own_metrics import LoopLag, offer_metrics
from irzhub.web.page import PAGE, Page, deep_links, read_page
from irzhub.web.permissions import ROUTES
from irzhub.web.ports import EventLog, Registry
from irzhub.web.routes import ALL_ROUTES
from irzhub.web.routes.automations_file import DRY_RUNS
from irzhub.web.routes.fleet import NOTES
from irzhub.web.routes.metrics import EXPOSITION
from irzhub.web.routes.modems import SEARCH
from irzhub.web.routes.openapi import DOCUMENT, Document
from irzhub.web.routes.stream import FOLLOWERS, end_streams
from irzhub.web.routes.traffic import LOOKS
from irzhub.web.search import SearchTexts
from irzhub.web.setup_link import SetupLink
from irzhub.web.sign_in import SignInDesk
from irzhub.web.tls import open_certificate
from irzhub.web.webhook_gate import WEBHOOK_GATE, WebhookGate

_log = logging.getLogger(__name__)

PART: Final = "web"
_BODY_LIMIT: Final = 1024 * 1024
_BACKLOG: Final = 64
_TOUCH_S: Final = 60.0
_STOP_S: Final = 3.0
_TLS_S: Final = 10.0


class WebServer:
    """The dispatcher page, REST, health and metrics on one port.

    Raises (on entering):
        StartError: the port is taken, or TLS cannot be set up; the text names the setting.
    """

    def __init__(
        self,
        settings: Settings,
        states: StateStore,
        registry: Registry,
        health: Health,
        metrics: Metrics,
        store: LocalStore,
        services: Services,
        bus: Bus,
        clock: Clock,
        journal: EventLog,
        *,
        hub: HubWatch | None = None,
        desks: Desks | None = None,
        audit: AuditTrail | None = None,
        limits: HttpLimits | None = None,
        handover: Handover | None = None,
    ) -> None:
        self._handover = handover
        self._settings = settings
        self._states = states
        self._registry = registry
        self._health = health
        self._metrics = metrics
        self._store = store
        self._services = services
        self._bus = bus
        self._clock = clock
        self._journal = journal
        self._hub = hub or HubWatch(bus)
        self._desks = desks
        self._limits = limits or HttpLimits()
        self._audit = audit or AuditTrail(store, health)
        self._setup = SetupLink(clock)
        self._notes = FleetNotes(bus)
        self._page = Page("", {})
        self._map = Map()
        self._tasks = Tasks("web")
        self._connections = HttpConnections(self._limits, clock)
        self._stack = AsyncExitStack()
        self._servers: list[asyncio.Server] = []
        self._app: web.Application | None = None

    @property
    def port(self) -> int:
        """The port that is really bound."""
        assert self._servers, "the server has not been entered"
        port: int = self._servers[0].sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """Where the page is, for the log and the console."""
        scheme = "http" if self._settings.web.tls is None else "https"
        host = self._settings.web.host
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}/"

    async def setup_url(self) -> str | None:
        """Return the link to the first administrator's account, a new one at each call; None once there is one."""
        if await self._store.read(count_users):
            return None
        return f"{self.url}setup?secret={self._setup.make()}"

    async def __aenter__(self) -> Self:
        self._health.set("web", "starting")
        async with AsyncExitStack() as stack:
            if not self._hub.is_following:
                stack.callback(self._hub.follow())
            stack.push_async_callback(self._tasks.close)
            lag = LoopLag(self._clock)
            stack.callback(offer_metrics(self._metrics, self._states, self._registry, lag, self._bus))
            stack.callback(self._notes.follow())
            self._page = await asyncio.to_thread(read_page)
            self._map = Map(await asyncio.to_thread(read_map_tiles, self._settings.web.map_tiles))
            context = await self._tls()
            self._app = self._build()
            runner = web.AppRunner(self._app, access_log=None, handle_signals=False, shutdown_timeout=_STOP_S)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            self._servers = await self._listen(runner, context)
            for server in self._servers:
                stack.callback(server.close)
            self._tasks.spawn(self._connections.keep_sweeping(), "sweep connections")
            self._tasks.spawn(lag.keep_measuring(), "measure lag")
            self._stack = stack.pop_all()
        self._report()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def leave(self, handover: Handover) -> None:
        """Leave the listening sockets to the next hub: who connects meanwhile waits for it."""
        where = self._settings.web
        listeners = [handover.keep(sock.fileno()) for server in self._servers for sock in server.sockets]
        handover.leave(PART, {"host": where.host, "port": where.port, "listeners": listeners})

    def _build(self) -> web.Application:
        middlewares = [boundary, audited, same_origin, permission, deep_links, idempotent]
        app = web.Application(client_max_size=_BODY_LIMIT, middlewares=middlewares)
        app[CONTEXT] = WebContext(
            settings=self._settings,
            states=self._states,
            registry=self._registry,
            health=self._health,
            metrics=self._metrics,
            services=self._services,
            journal=self._journal,
            clock=self._clock,
            hub=self._hub,
            limits=self._limits,
            started_at=self._clock.now(),
            store=self._store,
            tokens=TokenCheck(self._find_token, self._clock, self._settings.web.proxies),
            desk=SignInDesk(self._store, self._settings.web.sign_in, self._clock),
            setup=self._setup,
            audit=self._audit,
            bus=self._bus,
            desks=self._desks,
        )
        app[ACTION] = {(route.method, route.path): route.name for route in ALL_ROUTES}
        app[LOOKS] = {}
        app[FOLLOWERS] = set()
        app[SEARCH] = SearchTexts(self._site)
        app.on_shutdown.append(end_streams)
        app[NOTES] = self._notes
        app[PAGE] = self._page
        app[MAP] = self._map
        app[EXPOSITION] = Exposition(self._metrics)
        app[DOCUMENT] = Document(_describe)
        app[WEBHOOK_GATE] = WebhookGate()
        app[DRY_RUNS] = asyncio.Lock()
        app[BACKUPS] = Backups(self._settings, self._clock, self._tasks)
        app.on_response_prepare.append(add_headers)
        add_routes(app)
        return app

    async def _tls(self) -> ssl.SSLContext | None:
        if (files := self._settings.web.tls) is None:
            return None
        watch = await asyncio.to_thread(open_certificate, files, self._health)
        self._tasks.spawn(watch.keep_watching(), "watch certificate")
        return watch.context

    async def _listen(self, runner: web.AppRunner, context: ssl.SSLContext | None) -> list[asyncio.Server]:
        manager, loop, where = runner.server, asyncio.get_running_loop(), self._settings.web
        assert manager is not None

        def connect() -> HttpConnection:
            return HttpConnection(
                manager,
                self._connections,
                loop=loop,
                access_log=None,
                keepalive_timeout=2 * self._limits.idle_s,
                lingering_time=min(5.0, self._limits.body_s),
                auto_decompress=False,
            )

        tls_s = None if context is None else _TLS_S
        listen = partial(
            loop.create_server,
            connect,
            ssl=context,
            backlog=_BACKLOG,
            ssl_handshake_timeout=tls_s,
            ssl_shutdown_timeout=tls_s,
        )
        if left := self._take_left():
            return [await listen(sock=sock) for sock in left]
        try:
            return [await listen(host=where.host, port=where.port)]
        except OSError as error:
            raise StartError(cannot_listen(where, error)) from error

    def _take_left(self) -> list[socket.socket]:
        """Return the sockets that the hub before left, if they are where this one is to listen."""
        note = None if self._handover is None else self._handover.take(PART)
        if note is None or self._handover is None:
            return []
        left = [self._handover.claim(descriptor) for descriptor in note["listeners"]]
        if (note["host"], note["port"]) == (self._settings.web.host, self._settings.web.port):
            return left
        for sock in left:
            sock.close()
        return []

    def _report(self) -> None:
        self._health.set("web", "up", self.url)
        _log.info("the page and REST are at %s", self.url)
        if self._settings.web.tls is None and not is_loopback(self._settings.web.host):
            _log.warning(
                "web.host %s is served without TLS: set web.tls, or a proxy before it", self._settings.web.host
            )

    def _site(self, id_: str) -> SiteRow | None:
        fleet = None if self._desks is None else self._desks.fleet
        return None if fleet is None else fleet.belongings.site(id_)

    async def _find_token(self, digest: str) -> KnownToken | None:
        now = self._clock.now()
        row, owner = await self._store.read(lambda connection: _token_and_owner(connection, digest))
        if row is None or not row.is_valid_at(now) or (identity := identity_of_token(row, owner)) is None:
            return None
        if row.last_used is None or (now - row.last_used).total_seconds() >= _TOUCH_S:
            await self._store.write(lambda connection: touch_token(connection, row.id, now))
        return KnownToken(row.hash, identity)


def _token_and_owner(connection: Connection, digest: str) -> tuple[TokenRow | None, UserRow | None]:
    row = find_token(connection, digest)
    return row, get_user(connection, row.owner) if row is not None and row.owner else None


def add_routes(app: web.Application) -> None:
    """Add every route to the application.

    Raises:
        RuntimeError: a route has no rule in the table of permissions, or a rule has no route.
    """
    served = {(route.method, route.path) for route in ALL_ROUTES}
    if served != ROUTES.keys():
        raise RuntimeError(f"routes and permissions differ: {sorted(served ^ ROUTES.keys())}")
    for route in ALL_ROUTES:
        methods = ("GET", "HEAD") if route.method == "GET" else (route.method,)
        for method in methods:
            app.router.add_route(method, route.path, route.handler, expect_handler=refuse_expectations)


def cannot_listen(where: WebSettings, error: OSError) -> str:
    """Say why the server's socket cannot be opened, and which setting to change."""
    if error.errno == errno.EADDRINUSE:
        return f"web.port {where.port} on {where.host} is taken by another program: free it, or set another web.port"
    if error.errno == errno.EACCES:
        return f"web.port {where.port} needs a right that this user does not have: set a web.port from 1024"
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"web.host {where.host} is no address of this machine: set web.host"
    return f"web.host {where.host}, web.port {where.port}: {error}"


def _describe() -> bytes:
    # Two megabytes that a hub needs only once somebody asks for the document.
    from irzhub.web.openapi import compact_document

    return compact_document()
