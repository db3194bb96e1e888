"""What the hub asks of its modems: the services, with their numbers checked and their outcomes in the hub's words."""

from datetime import timedelta
from typing import Final

from irzhub.api import (
    GSM_MODEMS,
    PHONE_CANCEL,
    PHONE_REQUEST,
    SMS_SEND,
    VOICE_CALL,
    CallOutcome,
    ChannelCheck,
    CheckOutcome,
    Delivery,
    DeliveryOutcome,
    GsmModemList,
    IntegrationHub,
    PhoneRequest,
    PhoneTaken,
    SmsMessage,
    SmsOutcome,
    VoiceCall,
    check_on,
    delivery_on,
)

from .checking import check_modems
from .desk import OF_OUTBOX, PhoneDesk
from .numbers import NumberPolicy, NumberRefused
from .queue import Job

_UNTAKEN_S: Final = 20.0
"""So long a notification waits for a modem; then the outbox, which keeps it, decides what is next."""
_AGAIN_S: Final = 30.0
_CREDIT_AGAIN_S: Final = 900.0
_MODEM_SMS_S: Final = 900.0
_CALL_S: Final = 300.0
_REQUEST_S: Final = 86400.0
_PERSON_RING_S: Final = 25.0
MOST_WAITING: Final = 5000
FULL: Final = f"{MOST_WAITING} orders wait for the GSM modem: no more are taken"


class Counter:
    """Offers the services of the phone desk."""

    def __init__(self, hub: IntegrationHub, desk: PhoneDesk, numbers: NumberPolicy) -> None:
        self._hub = hub
        self._desk = desk
        self._numbers = numbers

    def open(self) -> None:
        """Offer everything; what is offered ends with the integration."""
        self._hub.offer(SMS_SEND, self.send_sms)
        self._hub.offer(VOICE_CALL, self.call)
        self._hub.offer(delivery_on("sms"), self.deliver_sms)
        self._hub.offer(delivery_on("call"), self.deliver_call)
        self._hub.offer(check_on("sms"), self.check)
        self._hub.offer(check_on("call"), self.check)
        self._hub.offer(PHONE_REQUEST, self.request)
        self._hub.offer(PHONE_CANCEL, self._desk.cancel)
        self._hub.offer(GSM_MODEMS, self._desk.list_modems)

    async def send_sms(self, message: SmsMessage) -> SmsOutcome:
        """Send an SMS to a modem; its text is not kept, because it may hold a password."""
        try:
            number = self._check(message.to)
        except NumberRefused as error:
            return SmsOutcome(status="failed", error=str(error))
        job = self._desk.order(
            "sms",
            number,
            message.text,
            modem=message.modem,
            origin=message.origin,
            expires_at=self._hub.clock.now() + timedelta(seconds=_MODEM_SMS_S),
            wants_report=message.wait_s > 0,
            hides_text=True,
        )
        self._desk.enqueue(job)
        ended = await self._desk.wait(job)
        if ended.status != "sent":
            doubt = "it may have left: " if ended.status == "unknown" else ""
            return SmsOutcome(status="failed", error=f"{doubt}{ended.error or ended.status}")
        if message.wait_s <= 0:
            return SmsOutcome(status="sent")
        reported = await self._desk.wait_delivered(ended, message.wait_s)
        if reported == "failed":
            return SmsOutcome(status="failed", error="the network could not deliver it")
        return SmsOutcome(status="delivered" if reported == "delivered" else "sent")

    async def call(self, wanted: VoiceCall) -> CallOutcome:
        """Ring a number and hang up."""
        try:
            number = self._check(wanted.to, is_call=True)
        except NumberRefused as error:
            return CallOutcome(status="failed", error=str(error))
        job = self._desk.order(
            "call",
            number,
            modem=wanted.modem,
            origin=wanted.origin,
            urgency="now",
            expires_at=self._hub.clock.now() + timedelta(seconds=_CALL_S),
            ring_s=wanted.ring_s,
            is_held=True,
        )
        return await self._ring(job)

    async def deliver_sms(self, delivery: Delivery) -> DeliveryOutcome:
        """Carry one notification; it is attempted once, the outbox keeps it and decides what follows."""
        try:
            number = self._check(delivery.to)
        except NumberRefused as error:
            return DeliveryOutcome(status="refused", error=str(error))
        job = self._desk.order(
            "sms",
            number,
            delivery.text,
            modem=delivery.modem,
            origin=f"{OF_OUTBOX}{delivery.id}",
            urgency=delivery.urgency,
            expires_at=delivery.expires_at,
            may_repeat=delivery.may_repeat,
            wants_report=True,
            is_held=True,
        )
        self._desk.enqueue(job)
        ended = await self._desk.wait(job, _UNTAKEN_S)
        if ended.status == "sent":
            return DeliveryOutcome(status="sent", reference=",".join(str(each) for each in ended.references))
        if ended.status == "unknown":
            return DeliveryOutcome(status="unknown", error=ended.error)
        if job.last is not None and job.last.outcome == "refused":
            return DeliveryOutcome(status="refused", error=ended.error)
        pause_s = _CREDIT_AGAIN_S if job.last is not None and job.last.fate == "credit" else _AGAIN_S
        return DeliveryOutcome(status="later", error=ended.error, retry_after_s=pause_s)

    async def deliver_call(self, delivery: Delivery) -> DeliveryOutcome:
        """Ring a person, who then looks."""
        try:
            number = self._check(delivery.to, is_call=True)
        except NumberRefused as error:
            return DeliveryOutcome(status="refused", error=str(error))
        job = self._desk.order(
            "call",
            number,
            modem=delivery.modem,
            origin=f"{OF_OUTBOX}{delivery.id}",
            urgency=delivery.urgency,
            expires_at=delivery.expires_at,
            ring_s=_PERSON_RING_S,
            is_held=True,
        )
        outcome = await self._ring(job)
        if outcome.status in ("answered", "rang"):
            return DeliveryOutcome(status="delivered" if outcome.status == "answered" else "sent")
        return DeliveryOutcome(status="later", error=outcome.error or outcome.status, retry_after_s=_AGAIN_S)

    async def request(self, wanted: PhoneRequest) -> PhoneTaken:
        """Keep an order of a person; it goes out when a modem is free, also after a restart."""
        try:
            number = self._check(wanted.to, is_call=wanted.kind == "call")
        except NumberRefused as error:
            return PhoneTaken(order=None, error=str(error))
        job = self._desk.order(
            wanted.kind,
            number,
            wanted.text,
            modem=wanted.modem,
            origin=wanted.origin,
            urgency=wanted.urgency,
            expires_at=wanted.expires_at or self._hub.clock.now() + timedelta(seconds=_REQUEST_S),
            wants_report=wanted.kind == "sms" and wanted.wants_report,
            ring_s=wanted.ring_s if wanted.kind == "call" else None,
            is_kept=True,
        )
        await self._desk.keep(job)
        return PhoneTaken(order=job.id)

    async def check(self, wanted: ChannelCheck) -> CheckOutcome:
        """Say whether an SMS or a call would go out now."""
        return check_modems(await self._desk.list_modems(GsmModemList()), wanted.language)

    async def _ring(self, job: Job) -> CallOutcome:
        self._desk.enqueue(job)
        ended = await self._desk.wait(job)
        for status in ("answered", "rang", "busy", "no_answer"):
            if ended.status == status:
                return CallOutcome(status=status, error=ended.error)
        return CallOutcome(status="failed", error=ended.error or ended.status)

    def _check(self, number: str, *, is_call: bool = False) -> str:
        if len(self._desk.queue) >= MOST_WAITING:
            raise NumberRefused(FULL)
        return self._numbers.check(number, is_call=is_call)
