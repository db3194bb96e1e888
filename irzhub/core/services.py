"""Upward calls by typed key: a lower layer asks for something that a higher one, or nobody, offers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar

from irzhub.core.exceptions import ServiceError

_A = TypeVar("_A")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Service(Generic[_A, _R]):
    """The key of a service: its name, the type of its argument and that of its result."""

    name: str
    arguments: type[_A]
    result: type[_R]


class Services:
    """Who offers which service; at most one handler for each key."""

    def __init__(self) -> None:
        self._handlers: dict[str, Callable[[Any], Awaitable[Any]]] = {}

    def register(self, service: Service[_A, _R], handler: Callable[[_A], Awaitable[_R]]) -> Callable[[], None]:
        """Offer `service`; return the function that withdraws it.

        Raises:
            ServiceError: it is offered already.
        """
        if service.name in self._handlers:
            raise ServiceError(f"service {service.name} is already offered")
        self._handlers[service.name] = handler

        def unregister() -> None:
            if self._handlers.get(service.name) is handler:
                del self._handlers[service.name]

        return unregister

    async def call(self, service: Service[_A, _R], arguments: _A) -> _R:
        """Call `service` and return its result.

        Raises:
            ServiceError: nobody offers it.
        """
        if (handler := self._handlers.get(service.name)) is None:
            raise ServiceError(f"nobody offers the service {service.name}")
        result: _R = await handler(arguments)
        return result

    def offers(self, service: Service[Any, Any]) -> bool:
        """Say whether somebody offers `service` now."""
        return service.name in self._handlers


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemCommand:
    """A command for one modem, from REST, MQTT or a rule.

    Args:
        modem: modem id (CONTRACT 1).
        command: a name of CONTRACT 3, such as `signal` or `set_output`.
        args: what the command takes, e.g. `{"output": 4, "on": True}`.
        expires_at: after this moment it is never sent (UTC).
        origin: who asked, for the event and the audit, e.g. `mqtt`, `rest:anna`.
        priority: what people want at once goes before what runs in the background.
        via: over the modem's connection, or as SMS to `phone` where the operator says so.
        dedupe: a name under which this is done once only, however often it is asked for, also across restarts.
    """

    modem: str
    command: str
    args: dict[str, Any] = field(default_factory=dict)
    expires_at: datetime
    origin: str = "hub"
    priority: Literal["manual", "background"] = "manual"
    via: Literal["gprs", "sms"] = "gprs"
    phone: str | None = None
    dedupe: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOutcome:
    """How a command ended: `status` is `ok`, `error`, `expired` or `cancelled`; `data` is what the modem said."""

    status: str
    data: dict[str, Any] = field(default_factory=dict)
    error: str | None = None


MODEM_COMMAND = Service("modem.command", ModemCommand, CommandOutcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficRecord:
    """Asks for the flight recorder of one modem: the last bytes that went through its session."""

    modem: str


TrafficEntry: TypeAlias = tuple[float, str, bytes]
"""Unix time, direction (`<` from the modem, `>` to it, `=` meter data from it, `-` dropped), the bytes."""

TRAFFIC_RECORD: Final[Service[TrafficRecord, tuple[TrafficEntry, ...]]] = Service(
    "modem.traffic_record", TrafficRecord, tuple
)
"""From old to new; empty when nothing was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsMessage:
    """An SMS that is to be sent.

    Args:
        to: phone number, digits with a `+` before them. text: what it says; it may hold a password.
        modem: which modem it is for, None when it is for a person. origin: who wants it, as for commands.
        wait_s: how long a delivery report is waited for; 0: the network's acceptance is enough.
    """

    to: str
    text: str = field(repr=False)
    modem: str | None = None
    origin: str = "hub"
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsOutcome:
    """How an SMS ended: `sent` (the network took it), `delivered` or `failed` with an `error`."""

    status: Literal["sent", "delivered", "failed"]
    error: str | None = None


SMS_SEND: Final = Service("sms.send", SmsMessage, SmsOutcome)


Channel: TypeAlias = Literal["sms", "call", "email", "telegram", "webhook", "mqtt"]
"""The ways on which people and programs are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a mail; `name` is shown, `media_type` is like `application/pdf`."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message for one address on one channel.

    Args:
        id: ULID of the outbox row: the same in every attempt, so that a receiver can drop repeats.
        to: the address as the channel writes it: a phone number with `+`, a mail address, a chat id.
        subject: the line above a mail; other channels put it before the text or leave it out.
        html: the same text for a mail reader, None: plain text only.
        urgency: what wakes people goes before what can wait.
        attempt: 1 for the first. may_repeat: how an earlier attempt ended is unknown, so this may be a repeat.
        event: the event behind it as MQTT shows it, for programs.
        expires_at: after this moment nobody wants it any more (UTC).
    """

    id: str
    to: str
    text: str = field(repr=False)
    subject: str = ""
    html: str | None = field(default=None, repr=False)
    urgency: Literal["now", "soon", "background"] = "soon"
    attempt: int = 1
    may_repeat: bool = False
    event: dict[str, Any] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    expires_at: datetime | None = None
    modem: str | None = None
    origin: str = "hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryOutcome:
    """How one attempt ended.

    Args:
        status: `sent` (the next one on the way took it), `delivered` (the receiver has it), `later` (try again,
            after `retry_after_s` when it was said), `unknown` (it may or may not have left), `refused` (never again).
        reference: what the channel calls it, such as a message reference of the network.
        error: in words, for the delivery log.
    """

    status: Literal["sent", "delivered", "later", "unknown", "refused"]
    error: str | None = None
    retry_after_s: float | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryTold:
    """For the bus: what became of a message after its channel had taken it, such as the network's report of an SMS.

    Args:
        id: that of the `Delivery`.
    """

    id: str
    status: Literal["delivered", "failed"]
    error: str | None = None


def delivery_on(channel: Channel) -> Service[Delivery, DeliveryOutcome]:
    """Return the key of the service that carries messages on `channel`; an integration offers it."""
    return Service(f"deliver.{channel}", Delivery, DeliveryOutcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCheck:
    """Asks whether a channel would work now: it connects and signs in, and nobody is told anything.

    Args:
        language: `ru` or `en`, of the answer's text.
    """

    language: str = "ru"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """Whether a channel would work; `text` says in words what was tried and what is wrong."""

    is_good: bool
    text: str


def check_on(channel: Channel) -> Service[ChannelCheck, CheckOutcome]:
    """Return the key of the service that tries a channel out; whoever carries messages on it offers it."""
    return Service(f"check.{channel}", ChannelCheck, CheckOutcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCall:
    """A call that rings and is hung up: to a modem that is to dial in, or to a person who is to look.

    Args:
        to: phone number with `+`. ring_s: for how long at the most. modem: for which modem, None for a person.
    """

    to: str
    ring_s: float = 20.0
    modem: str | None = None
    origin: str = "hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOutcome:
    """How a call ended."""

    status: Literal["answered", "rang", "busy", "no_answer", "failed"]
    error: str | None = None


VOICE_CALL: Final = Service("call.place", VoiceCall, CallOutcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeModem:
    """A sleeping modem is to dial in; at most one wake of it is under way, later askers share its end.

    Args:
        reason: `client` (a polling program has connected), or who asked, like `rest:anna` or `rule:night_poll`.
        timeout_s: how long the asker waits.
    """

    modem: str
    reason: str = "hub"
    timeout_s: float = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeOutcome:
    """How a wake ended: `by` names the step that worked, such as `call` or `sms`; `error` says why none did."""

    status: Literal["online", "failed", "refused"]
    by: str | None = None
    took_s: float | None = None
    error: str | None = None


WAKE_MODEM: Final = Service("modem.wake", WakeModem, WakeOutcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneRequest:
    """An SMS or a call that is put into the queue of the hub's GSM modems and outlives a restart there.

    Args:
        kind: an SMS with a `text`, or a call that rings for `ring_s`.
        expires_at: after this moment it is not begun any more. wants_report: whether the delivery is to be reported.
    """

    kind: Literal["sms", "call"]
    to: str
    text: str = field(default="", repr=False)
    modem: str | None = None
    origin: str = "hub"
    urgency: Literal["now", "soon", "background"] = "soon"
    expires_at: datetime | None = None
    wants_report: bool = True
    ring_s: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTaken:
    """What became of the request: the id of its order, or why it cannot be carried out."""

    order: str | None
    error: str | None = None


PHONE_REQUEST: Final = Service("phone.request", PhoneRequest, PhoneTaken)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCancel:
    """Calls off an order that has not begun."""

    order: str


PHONE_CANCEL: Final = Service("phone.cancel", PhoneCancel, bool)
"""Whether it was called off: what has begun cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GsmModemList:
    """Asks how the hub's own GSM modems are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GsmModemView:
    """How one of them is; what it has not said yet is None.

    Args:
        state: `ready`, or what is in the way, such as `absent`, `no_sim`, `pin_wanted`, `puk_wanted`, `no_network`.
        sim: as `AT+CPIN?` says it. registration: home, roaming, searching, denied, none.
        balance: money on the SIM card as the operator last told it, `balance_text` the whole of what it told.
    """

    name: str
    port: str
    state: str
    detail: str = ""
    model: str | None = None
    imei: str | None = None
    sim: str | None = None
    iccid: str | None = None
    operator: str | None = None
    registration: str | None = None
    csq: int | None = None
    balance: float | None = None
    balance_text: str | None = None
    balance_at: datetime | None = None
    is_balance_low: bool = False
    sent: int = 0
    failed: int = 0
    received: int = 0
    last_error: str | None = None
    last_error_at: datetime | None = None
    observed_at: datetime | None = None


GSM_MODEMS: Final[Service[GsmModemList, tuple[GsmModemView, ...]]] = Service("phone.modems", GsmModemList, tuple)
