"""Alerts of the whole part, from links and inputs to the SMS that leave: what a duty engineer's phone shows."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from irzhub.alerts.part import Alerts
from irzhub.config.settings import AlertSettings, Contact, HubSettings, Settings
from irzhub.core.bus import Bus
from irzhub.core.health import Health
from irzhub.core.hub import HubPhaseChanged
from irzhub.core.metrics import Metrics
from irzhub.core.services import Delivery, DeliveryOutcome, Services, delivery_on
from irzhub.core.state import ModemState, StateStore
from irzhub.journal.journal import Journal
from irzhub.storage.history import HistoryStore
from irzhub.storage.inputs import InputRow
from irzhub.storage.local import LocalStore
from tests.alerts.incident_rig import MODEM, HandClock, number_of, online
from tests.alerts.test_part import until

DUTY = "+79211234567"


@dataclass
class Duty:
    """A hub's worth of alerts, and the phone of who is on duty."""

    alerts: Alerts
    states: StateStore
    journal: Journal
    clock: HandClock
    phone: list[str] = field(default_factory=list)

    async def pass_time(self, seconds: float, step_s: float = 6.0) -> None:
        """Let time pass with a look in each step, and all that follows from it leave."""
        passed = 0.0
        while passed < seconds:
            self.clock.turn(step_s)
            passed += step_s
            self.alerts.incidents.look()
        await self.settle()

    async def settle(self) -> None:
        """Wait until the journal has all and nothing more waits to leave."""
        await self.journal.flush()
        self.alerts.outbox.wake()
        await until(lambda: self.alerts.outbox.waiting("sms") == 0)


@asynccontextmanager
async def on_duty(folder: Path, *modems: ModemState) -> AsyncIterator[Duty]:
    clock, bus, services = HandClock(), Bus(), Services()
    states, health, metrics = StateStore(bus), Health(bus), Metrics()
    settings = Settings(
        hub=HubSettings(data_dir=folder),
        alerts=AlertSettings(tell=("duty",)),
        contacts={"duty": (Contact(kind="sms", address=DUTY),)},
    )
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(LocalStore(folder))
        history = await stack.enter_async_context(HistoryStore("sqlite:///history.db", folder, "main"))
        journal = await stack.enter_async_context(Journal(store, bus, clock, health, metrics))
        alerts = Alerts(
            settings, store, history, journal, states, bus, clock, health, newcomers=tuple,
            inputs=lambda modem: {1: InputRow(modem, 1, normal="OFF")}, services=services, metrics=metrics,
        )  # fmt: skip
        made = Duty(alerts, states, journal, clock)

        async def deliver(delivery: Delivery) -> DeliveryOutcome:
            assert delivery.to == DUTY
            made.phone.append(delivery.text)
            return DeliveryOutcome(status="sent")

        services.register(delivery_on("sms"), deliver)
        await stack.enter_async_context(alerts)
        for state in modems:
            states.add(state)
        bus.publish(HubPhaseChanged("online"))
        await alerts.incidents.catch_up()
        yield made


async def test_a_modem_that_flaps_a_hundred_times_an_hour_is_two_sms_with_a_count(tmp_path: Path) -> None:
    async with on_duty(tmp_path, online(name="ТП-1187")) as duty:
        for _ in range(100):
            duty.states.update(MODEM, link="offline")
            await duty.pass_time(18)
            duty.states.update(MODEM, link="online")
            await duty.pass_time(18)
        await duty.pass_time(900)
        await until(lambda: len(duty.phone) > 1)

        first, last = duty.phone
        assert first.startswith("ТП-1187: нет связи, обрывов 5")
        assert last.startswith("Закончилось, длилось") and "(100)" in last


async def test_five_hundred_modems_of_one_operator_are_one_sms(tmp_path: Path) -> None:
    fleet = [
        online(number_of(index), cell=f"250-{('01', '02', '99')[index % 3]}-1-{index % 40}", group=f"Г{index % 7}")
        for index in range(1500)
    ]
    async with on_duty(tmp_path, *fleet) as duty:
        lost = [state.modem for state in fleet if str(state.cell).startswith("250-01-")]
        for modem in lost:
            duty.states.update(modem, link="offline")
        await duty.pass_time(600)
        await until(lambda: duty.phone)
        assert len(lost) == 500 and len(duty.phone) == 1 and duty.phone[0].startswith("Нет связи у 500 модемов")

        for modem in lost:
            duty.states.update(modem, link="online")
        await duty.pass_time(900)
        await until(lambda: len(duty.phone) > 1)
        assert len(duty.phone) == 2 and "Нет связи у 500 модемов" in duty.phone[1]


async def test_who_acknowledges_hears_no_more_than_the_end(tmp_path: Path) -> None:
    async with on_duty(tmp_path, online(name="ТП-1187")) as duty:
        duty.states.update(MODEM, link="offline")
        await duty.pass_time(300)
        await until(lambda: duty.phone)
        duty.alerts.desk.acknowledge(1, "duty")
        await duty.pass_time(3600)
        assert len(duty.phone) == 1
        duty.states.update(MODEM, link="online")
        await duty.pass_time(120)
        await until(lambda: len(duty.phone) > 1)

        assert len(duty.phone) == 2 and duty.phone[1].startswith("Закончилось")
