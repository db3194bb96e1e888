"""What every route works with, under one typed key of the application."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from irzhub.config.settings import Settings
from irzhub.core.clock import Clock
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import StateStore
from irzhub.web.auth import Identity
from irzhub.web.command_store import CommandStore
from irzhub.web.connection import HttpLimits
from irzhub.web.hub_watch import HubWatch
from irzhub.web.ports import EventLog, Registry


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
    commands: CommandStore
    hub: HubWatch
    limits: HttpLimits
    started_at: datetime


CONTEXT: Final = web.AppKey("context", WebContext)
IDENTITY: Final = web.RequestKey("identity", Identity)
REQUEST_ID: Final = web.RequestKey("request_id", str)


def context_of(request: web.Request) -> WebContext:
    """Return the context of the application that serves a request."""
    return request.config_dict[CONTEXT]
