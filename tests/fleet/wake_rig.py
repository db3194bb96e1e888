"""A wake desk on a real store and journal; the hub's GSM modem is a list of what was asked of it, and what happens."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from irzhub.config.settings import Settings
from irzhub.config.wake import WakeLadder, WakeSettings
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.services import (
    SMS_SEND,
    VOICE_CALL,
    CallOutcome,
    Services,
    SmsMessage,
    SmsOutcome,
    VoiceCall,
)
from irzhub.core.state import ModemState
from irzhub.fleet.belongings import Belongings
from irzhub.fleet.ground import Ground
from irzhub.fleet.relay_settings import ModemSettingsBuilder
from irzhub.fleet.wake import WakeDesk
from irzhub.relay.messages import ToRelay, WakeWanted
from irzhub.relay.orders import StopWaiting
from irzhub.storage.wakes import WakeRow
from tests.fleet.conftest import IMEI, Desk, make_desk, registration, session_closed

FIRST_SIM = "+79210000001"
SECOND_SIM = "+79210000002"
QUICK = WakeLadder(after_call_s=0.03, after_sms_s=0.03, hold_s=5.0)
RANG = CallOutcome(status="rang")
SENT = SmsOutcome(status="sent")


async def _rings(_call: VoiceCall) -> CallOutcome:
    return RANG


async def _sends(_message: SmsMessage) -> SmsOutcome:
    return SENT


@dataclass
class Phone:
    """What was asked of the GSM modem, in order; `on_call` and `on_sms` say what comes of it."""

    asked: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)
    on_call: Callable[[VoiceCall], Awaitable[CallOutcome]] = _rings
    on_sms: Callable[[SmsMessage], Awaitable[SmsOutcome]] = _sends

    async def call(self, call: VoiceCall) -> CallOutcome:
        self.asked.append(f"call {call.to}")
        self.origins.append(call.origin)
        return await self.on_call(call)

    async def send(self, message: SmsMessage) -> SmsOutcome:
        self.asked.append(f"sms {message.to}")
        self.texts.append(message.text)
        return await self.on_sms(message)


@dataclass
class WakeRig:
    """The desk with all around it; `sent` is what the relay is told."""

    desk: Desk
    wakes: WakeDesk
    phone: Phone
    ground: Ground
    withdraw: list[Callable[[], None]]
    sent: list[ToRelay] = field(default_factory=list)
    generation: int = 0

    async def add(self, modem: str = IMEI, **row: Any) -> None:
        """Register a modem that sleeps, with its number."""
        await self.desk.registrar.decide(registration(modem))
        await self.desk.registry.edit(modem, **{"phone_sim1": FIRST_SIM, **row})
        self.desk.states.update(modem, link="offline", is_expected=False)

    async def come(self, modem: str = IMEI, **told: Any) -> None:
        """The modem dials in."""
        self.generation += 1
        await self.desk.dial_in(modem, self.generation, **told)

    async def sleep(self, modem: str = IMEI) -> None:
        """The modem goes to sleep again."""
        self.desk.reception.receive(session_closed(modem, self.generation))
        await self.desk.journal.flush()

    def program_waits(self, modem: str = IMEI) -> None:
        """A program has connected to the modem's port."""
        self.desk.reception.receive(WakeWanted(modem=modem, client="c1", at=1.0))

    @property
    def given_up(self) -> list[str]:
        """The modems whose waiting programs were closed."""
        return [message.modem for message in self.sent if isinstance(message, StopWaiting)]

    async def told(self) -> list[str]:
        """What people were told of wakes and sessions, in order."""
        words = {"wake_started", "wake_succeeded", "wake_failed", "connected"}
        return [event["type"] for event in await self.desk.events() if event["type"] in words]

    async def rows(self, modem: str = IMEI) -> list[WakeRow]:
        """The wakes of a modem as they are stored, from old to new."""
        await self.desk.journal.flush()
        return (await self.wakes.page(modem, None, 100))[::-1]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                await asyncio.sleep(0.002)

    async def ended(self, modem: str = IMEI) -> None:
        """Wait until no wake of the modem is under way."""
        await self.until(lambda: self.wakes.current(modem) is None)


@asynccontextmanager
async def wake_rig(
    settings: Settings, ladder: WakeLadder = QUICK, wake: WakeSettings | None = None, *, has_phone: bool = True
) -> AsyncIterator[WakeRig]:
    """Run a wake desk on the folder of `settings`."""
    polling = replace(settings.relay.polling, wake=ladder, offline="wake")
    settings = replace(settings, relay=replace(settings.relay, polling=polling), wake=wake or WakeSettings())
    async with make_desk(settings) as desk:
        for row in desk.registry:  # of the hub before
            desk.states.add(ModemState(modem=row.modem, imei=row.imei, port=row.port, is_expected=False))
        phone, services, sent = Phone(), Services(), list[ToRelay]()
        ground = Ground(
            settings=settings, store=desk.store, journal=desk.journal, bus=desk.bus, states=desk.states,
            services=services, health=Health(desk.bus), metrics=Metrics(), clock=desk.clock,
        )  # fmt: skip
        builder = ModemSettingsBuilder(settings, Belongings(desk.store).relay_of)
        wakes = WakeDesk(ground, desk.registry, builder, sent.append)
        desk.reception.on_wake = wakes.wanted
        desk.reception.woken_by = wakes.woken_by
        offers: list[Callable[[], None]] = []
        if has_phone:
            offers = [services.register(VOICE_CALL, phone.call), services.register(SMS_SEND, phone.send)]
        await wakes.start()
        try:
            yield WakeRig(desk, wakes, phone, ground, offers, sent)
        finally:
            await wakes.close()
