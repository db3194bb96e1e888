"""All that an integration may use (ARCHITECTURE D9): it imports from here, from its own folder and from libraries.

An integration is a folder `<domain>/` with

- `manifest.json`: `domain` (the folder's name), `name` with its `en` and `ru`, `version`, `requirements`;
- `__init__.py` with `SCHEMA`, the keys that it takes, made of `key(...)` and the validators here, and
  `async def setup(hub, config)`, which returns a function that ends what setup began, or None.

`hub` is an `IntegrationHub`, `config` what the schema made of the operator's settings.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from irzhub.alerts.sayings import in_words
from irzhub.config.schema_keys import About, key, section
from irzhub.config.settings import Settings
from irzhub.config.validators import (
    ADDRESS,
    HOST,
    PORT,
    Choice,
    Duration,
    Flag,
    Items,
    Name,
    Number,
    OrNull,
    OrWord,
    Parsed,
    Rate,
    Size,
    Text,
)
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock, format_time, parse_time
from irzhub.core.delivery_json import delivery_json
from irzhub.core.domain_names import ascii_domain
from irzhub.core.events import CallReceived, Event, SmsReceived
from irzhub.core.exceptions import IrzhubError, ServiceError
from irzhub.core.health import PartState
from irzhub.core.metrics import Metrics
from irzhub.core.printable import printable, whole
from irzhub.core.services import (
    GSM_MODEMS,
    PHONE_CANCEL,
    PHONE_REQUEST,
    SMS_SEND,
    VOICE_CALL,
    Attachment,
    CallOutcome,
    ChannelCheck,
    CheckOutcome,
    Delivery,
    DeliveryOutcome,
    DeliveryTold,
    GsmModemList,
    GsmModemView,
    PhoneCancel,
    PhoneRequest,
    PhoneTaken,
    Service,
    Services,
    SmsMessage,
    SmsOutcome,
    VoiceCall,
    check_on,
    delivery_on,
)
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.core.ulid import new_ulid
from irzhub.fleet.ground import Ground
from irzhub.journal.journal import Journal, Write
from irzhub.outbound.client import Answer, Outbound
from irzhub.outbound.errors import NoAnswer, OutboundError, TargetRefused
from irzhub.outbound.signature import sign
from irzhub.outbound.target import parse_target
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.meta import get_meta, set_meta
from irzhub.storage.phone import (
    PhoneOrder,
    PhoneReceived,
    add_phone_received,
    purge_phone,
    save_phone_order,
    take_up_phone_orders,
)
from irzhub.web.ports import Registry

__all__ = [
    "ADDRESS",
    "GSM_MODEMS",
    "HOST",
    "PHONE_CANCEL",
    "PHONE_REQUEST",
    "PORT",
    "SMS_SEND",
    "VOICE_CALL",
    "About",
    "Answer",
    "Attachment",
    "CallOutcome",
    "CallReceived",
    "ChannelCheck",
    "CheckOutcome",
    "Choice",
    "Clock",
    "Connection",
    "Delivery",
    "DeliveryOutcome",
    "DeliveryTold",
    "Duration",
    "Event",
    "Flag",
    "GsmModemList",
    "GsmModemView",
    "IntegrationHub",
    "IrzhubError",
    "Items",
    "LocalStore",
    "LocalStoreFailed",
    "Metrics",
    "Name",
    "NoAnswer",
    "Number",
    "OrNull",
    "OrWord",
    "Outbound",
    "OutboundError",
    "Parsed",
    "PartState",
    "PhoneCancel",
    "PhoneOrder",
    "PhoneReceived",
    "PhoneRequest",
    "PhoneTaken",
    "Rate",
    "Service",
    "ServiceError",
    "Services",
    "SetupFailed",
    "Size",
    "SmsMessage",
    "SmsOutcome",
    "SmsReceived",
    "StateStore",
    "TargetRefused",
    "Tasks",
    "Text",
    "Unload",
    "VoiceCall",
    "add_phone_received",
    "ascii_domain",
    "check_on",
    "delivery_json",
    "delivery_on",
    "format_time",
    "get_meta",
    "in_words",
    "key",
    "new_ulid",
    "parse_target",
    "parse_time",
    "printable",
    "purge_phone",
    "save_phone_order",
    "section",
    "set_meta",
    "sign",
    "take_up_phone_orders",
    "whole",
]

Unload: TypeAlias = Callable[[], Awaitable[None]]
"""Ends what `setup` began; what was taken from the hub is given back without it."""

_A = TypeVar("_A")
_R = TypeVar("_R")
_E = TypeVar("_E")
API_VERSION: Final = 1


class SetupFailed(IrzhubError):
    """An integration cannot work with these settings; its text is shown with its health, the hub goes on."""


class IntegrationHub:
    """The hub as one integration sees it; subscriptions, services and tasks end when it is unloaded.

    Args:
        domain: the integration's name, under which its health is shown.
        registry: the modems with what people set for them, None where a hub runs without a fleet.
    """

    def __init__(self, domain: str, ground: Ground, registry: Registry | None = None) -> None:
        self.domain = domain
        self._ground = ground
        self.registry = registry
        self._tasks = Tasks(domain)
        self._given = ExitStack()

    @property
    def settings(self) -> Settings:
        """The hub's own settings, such as `hub.language` and `hub.time_zone`."""
        return self._ground.settings

    @property
    def data_dir(self) -> Path:
        """Where the hub keeps its data; an integration's files go into a folder of its name in it."""
        return self._ground.settings.hub.data_dir

    @property
    def clock(self) -> Clock:
        """The clock of the hub."""
        return self._ground.clock

    @property
    def bus(self) -> Bus:
        """The bus, for what `subscribe` does not do: publishing something that is no event."""
        return self._ground.bus

    @property
    def journal(self) -> Journal:
        """The journal, for what `record` does not do: reading back, and durable cursors."""
        return self._ground.journal

    @property
    def services(self) -> Services:
        """The services that others offer."""
        return self._ground.services

    @property
    def states(self) -> StateStore:
        """The present state of every modem."""
        return self._ground.states

    @property
    def store(self) -> LocalStore:
        """The local store, for the repositories that this module names."""
        return self._ground.store

    @property
    def metrics(self) -> Metrics:
        """Counters and gauges of `/metrics`."""
        return self._ground.metrics

    @property
    def outbound(self) -> Outbound:
        """The one HTTP client; it calls what `outbound` in irzhub.yaml allows."""
        assert self._ground.outbound is not None, "this hub was built without its HTTP client"
        return self._ground.outbound

    def subscribe(self, kind: type[_E], subscriber: Callable[[_E], None]) -> None:
        """Call `subscriber` with every published `kind`; it must not block."""
        self._given.callback(self._ground.bus.subscribe(kind, subscriber))

    def offer(self, service: Service[_A, _R], handler: Callable[[_A], Awaitable[_R]]) -> Callable[[], None]:
        """Offer a service until this integration is unloaded, or until the function returned is called.

        Raises:
            ServiceError: somebody else offers it.
        """
        withdraw = self._ground.services.register(service, handler)
        self._given.callback(withdraw)
        return withdraw

    def spawn(self, work: Coroutine[Any, Any, _R], name: str) -> asyncio.Task[_R]:
        """Start a task that is cancelled when this integration is unloaded."""
        return self._tasks.spawn(work, name)

    def record(self, event: Event, write: Write | None = None, then: Callable[[Event], None] | None = None) -> None:
        """Journal an event and publish it; `write` changes stored state in the same transaction."""
        self._ground.journal.append(event, write, then)

    def report(self, state: PartState, detail: str = "") -> None:
        """Say how this integration is, for the status page, `/readyz` and the log."""
        self._ground.health.set(self.domain, state, detail)

    async def close(self) -> None:
        """Give back all that was taken; for the loader."""
        self._given.close()
        await self._tasks.close()
