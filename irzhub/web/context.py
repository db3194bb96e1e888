"""What every route works with, under one typed key of the application."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from irzhub.audit.trail import AuditTrail
from irzhub.config.settings import Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import StateStore
from irzhub.storage.local import LocalStore
from irzhub.web.auth import Identity, TokenCheck
from irzhub.web.caller import caller_address
from irzhub.web.connection import HttpLimits
from irzhub.web.desks import Desks
from irzhub.web.hub_watch import HubWatch
from irzhub.web.ports import EventLog, Registry
from irzhub.web.setup_link import SetupLink
from irzhub.web.sign_in import SignedIn, SignInDesk


@dataclass(frozen=True, slots=True)
class AccountsChanged:
    """Somebody may do more, or less, than before: whoever stays connected is looked up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebContext:
    """The hub as the web sees it."""

    settings: Settings
    states: StateStore
    registry: Registry
    health: Health
    metrics: Metrics
    services: Services
    journal: EventLog
    clock: Clock
    hub: HubWatch
    limits: HttpLimits
    started_at: datetime
    store: LocalStore
    tokens: TokenCheck
    desk: SignInDesk
    setup: SetupLink
    audit: AuditTrail
    bus: Bus
    desks: Desks | None = None


CONTEXT: Final = web.AppKey("context", WebContext)
IDENTITY: Final = web.RequestKey("identity", Identity)
SIGNED_IN: Final = web.RequestKey("signed_in", SignedIn)
"""The session of a person's request; programs have none."""
REQUEST_ID: Final = web.RequestKey("request_id", str)
DEADLINE: Final = web.RequestKey("deadline", asyncio.Timeout)
"""By when a request must have been answered; a stream puts it off."""


def bus_of(request: web.Request) -> Bus:
    """Return the bus of the hub."""
    return request.config_dict[CONTEXT].bus


def desks_of(request: web.Request) -> Desks:
    """Return the desks behind the application that serves a request; every hub has them."""
    desks = request.config_dict[CONTEXT].desks
    assert desks is not None, "this server was built without desks"
    return desks


def context_of(request: web.Request) -> WebContext:
    """Return the context of the application that serves a request."""
    return request.config_dict[CONTEXT]


def source_of(request: web.Request) -> str:
    """Return the address that a request comes from."""
    return caller_address(request, context_of(request).settings.web.proxies)


def accounts_changed(request: web.Request) -> None:
    """Have every account looked up again: what changed counts with the next request, and for open streams now."""
    context = context_of(request)
    context.desk.forget()
    context.tokens.forget()
    context.bus.publish(AccountsChanged())
