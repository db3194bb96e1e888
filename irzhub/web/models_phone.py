"""The JSON of SMS and calls through the hub's own GSM modems, and of these modems."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from irzhub.web.models import Closed, Time, Told
from irzhub.web.models_commands import ModemId
from irzhub.web.said import SaidJson

Number = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ()-]{1,30}$")]
Urgency = Literal["now", "soon", "background"]
OrderStatus = Literal[
    "queued",
    "sending",
    "sent",
    "delivered",
    "answered",
    "rang",
    "busy",
    "no_answer",
    "failed",
    "unknown",
    "cancelled",
    "expired",
]
_LONGEST_TEXT = 10000
_LONGEST_EXPIRY_S = 7 * 86400


class _Receiver(Closed):
    """To whom: a number, or a modem, which is reached at its SIM card."""

    to: Number | None = Field(default=None, description="phone number; null: the modem's own")
    modem: ModemId | None = Field(default=None, description="the modem that it is for")
    urgency: Urgency = Field(default="soon", description="what is urgent goes before what is not")
    expires_in: float = Field(default=86400, gt=0, le=_LONGEST_EXPIRY_S, description="seconds; then it is not begun")

    @model_validator(mode="after")
    def _somebody(self) -> "_Receiver":
        if self.to is None and self.modem is None:
            raise ValueError("expected to, modem, or both")
        return self


class NewSms(_Receiver):
    """An SMS for a person or a modem."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_TEXT)]
    wants_report: bool = Field(default=True, description="whether the network is to report the delivery")


class NewCall(_Receiver):
    """A call that rings and is hung up."""

    ring_s: float = Field(default=20, ge=1, le=90, description="for how long it rings at the most")


class _Order(Told):
    """What SMS and calls that go out have in common."""

    id: str
    to: str
    modem: str | None = Field(description="the modem that it is for, null for a person")
    origin: str = Field(description="who wants it, such as `rest:anna`, `outbox:...`, `job:anna`")
    urgency: Urgency
    status: OrderStatus
    attempts: int
    may_repeat: bool = Field(description="an earlier attempt may have arrived too")
    by: str | None = Field(description="the GSM modem that took it")
    created_at: Time
    expires_at: Time | None
    finished_at: Time | None
    error: str | None
    error_said: SaidJson | None


class Sms(_Order):
    """An SMS that goes out, and how it stands."""

    text: str | None = Field(description="null where it is not kept, because it may hold a password")
    sent_at: Time | None = Field(description="when the network took it")


class Call(_Order):
    """A call that goes out, and how it stands."""

    ring_s: float | None


class SmsPage(Told):
    """SMS that go out, from new to old."""

    items: list[Sms]
    next: str | None = Field(description="`cursor` of the next page, null on the last one")


class CallPage(Told):
    """Calls that go out, from new to old."""

    items: list[Call]
    next: str | None = Field(description="`cursor` of the next page, null on the last one")


class ReceivedSms(Told):
    """An SMS that came to one of the hub's GSM modems."""

    id: str
    number: str = Field(description="of the sender, or its name; anybody can forge it")
    modem: str | None = Field(description="the modem one of whose SIM cards has that number")
    text: str
    is_complete: bool = Field(description="false: parts never came, `[…]` stands for them")
    by: str = Field(description="the GSM modem that it came to")
    sent_at: Time | None = Field(description="the service centre's time")
    received_at: Time


class ReceivedCall(Told):
    """A call to one of the hub's GSM modems."""

    id: str
    number: str = Field(description="of the caller, empty where it was withheld; anybody can forge it")
    modem: str | None = Field(description="the modem one of whose SIM cards has that number")
    by: str = Field(description="the GSM modem that it came to")
    received_at: Time


class ReceivedSmsPage(Told):
    """SMS that came in, from new to old."""

    items: list[ReceivedSms]
    next: str | None = Field(description="`cursor` of the next page, null on the last one")


class ReceivedCallPage(Told):
    """Calls that came in, from new to old."""

    items: list[ReceivedCall]
    next: str | None = Field(description="`cursor` of the next page, null on the last one")


class ReceivedQuery(Closed):
    """What came in is asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = Field(default=None, pattern="^[0-9A-Z]{26}$")
    modem: ModemId | None = None


class OrderQuery(ReceivedQuery):
    """What goes out is asked for; `status=queued` is the queue."""

    status: OrderStatus | None = None


class GsmModem(Told):
    """One of the hub's own GSM modems; null is what it has not told."""

    name: str
    port: str
    state: str = Field(
        description="`ready`, or what is in the way: `absent`, `starting`, `mute`, `no_sim`, `pin_wanted`, "
        "`pin_refused`, `puk_wanted`, `sim_failed`, `no_network`"
    )
    detail: str
    detail_said: SaidJson | None
    model: str | None
    imei: str | None
    sim: str | None
    iccid: str | None
    operator: str | None
    registration: str | None = Field(description="home, roaming, searching, denied or none")
    csq: int | None
    rssi_dbm: int | None
    balance: float | None
    balance_text: str | None = Field(description="the whole of what the operator told")
    balance_at: Time | None
    is_balance_low: bool
    sent: int = Field(description="SMS since the hub's start")
    failed: int
    received: int
    last_error: str | None
    last_error_said: SaidJson | None
    last_error_at: Time | None
    observed_at: Time | None


class GsmModemList(Told):
    """The hub's own GSM modems, and how many orders wait for them."""

    items: list[GsmModem]
    waiting: int
