"""The desk on a small hub with a real terminal: orders, their rows, incoming SMS and calls, several modems."""

import asyncio
import dataclasses
from pathlib import Path

import pytest

from irzhub.core.events import CallReceived, SmsReceived
from irzhub.core.services import PHONE_CANCEL, PHONE_REQUEST, PhoneCancel, PhoneRequest
from irzhub.simulator.gsm_firmware import GsmFirmware
from irzhub.simulator.gsm_modem import GsmModem
from irzhub.simulator.gsm_pdu import build_delivers
from irzhub.storage.phone import page_phone_received
from tests.integrations.gsm_modem.conftest import TO, Desk, desk_with, until


async def ordered(desk: Desk, text: str = "Дверь открыта", **about: object) -> str:
    """Put an SMS into the queue, as a person does over REST."""
    wanted = PhoneRequest(kind="sms", to=TO, text=text, origin="rest:anna", **about)  # type: ignore[arg-type]
    taken = await desk.ground.services.call(PHONE_REQUEST, wanted)
    assert taken.order is not None, taken.error
    return taken.order


async def test_an_order_from_the_queue_to_its_delivery_report(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await ordered(desk)
        await until(lambda: modem.firmware.submitted)
        async with asyncio.timeout(5):
            while (row := (await desk.orders())[0]).status != "delivered":
                await asyncio.sleep(0.01)

    assert (row.by, row.attempts, row.references, row.text) == ("main", 1, [1], "Дверь открыта")


async def test_the_network_that_cannot_deliver_is_told(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.is_reporting = False
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await ordered(desk)
        await until(lambda: modem.firmware.submitted)
        modem.firmware.report(1, "+79990000000", 0x46)  # of an SMS that is not ours
        modem.firmware.report(1, TO, 0x46)
        async with asyncio.timeout(5):
            while (row := (await desk.orders())[0]).status != "failed":
                await asyncio.sleep(0.01)

    assert row.error == "the network took it and could not deliver it"


async def test_the_urgent_goes_first_and_what_waits_can_be_called_off(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.registration = 2
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await until(lambda: desk.health.state == "down")
        late, off = await ordered(desk, "later", urgency="background"), await ordered(desk, "off")
        await ordered(desk, "now", urgency="now")
        assert [each.status for each in await desk.orders()] == ["queued"] * 3
        assert await desk.ground.services.call(PHONE_CANCEL, PhoneCancel(order=off))
        assert not await desk.ground.services.call(PHONE_CANCEL, PhoneCancel(order=off))

        modem.firmware.registration = 1
        await until(lambda: len(modem.firmware.submitted) == 2)
        assert [each.text for each in modem.firmware.texts()] == ["now", "later"]
        assert not await desk.ground.services.call(PHONE_CANCEL, PhoneCancel(order=late))
        assert {each.id: each.status for each in await desk.orders()}[off] == "cancelled"


async def test_what_waits_outlives_a_restart(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.registration = 2
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await until(lambda: desk.health.state == "down")
        await ordered(desk)
    modem.firmware.registration = 1
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await until(lambda: modem.firmware.submitted)
        await desk.is_ready()

    assert [each.text for each in modem.firmware.texts()] == ["Дверь открыта"]


async def test_who_waits_is_told_when_the_integration_ends(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.registration = 2
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await until(lambda: desk.health.state == "down")
        kept = await ordered(desk)
        telling = asyncio.get_running_loop().create_task(desk.tell())
        await asyncio.sleep(0.05)
        await desk.loaded.reload(dataclasses.replace(desk.ground.settings, integrations={}))

        outcome = await asyncio.wait_for(telling, 2)
        assert outcome.status == "later"
        assert outcome.error == "the GSM modem was taken out of the settings, or they changed"
        assert {each.id: each.status for each in await desk.orders()}[kept] == "queued"


async def test_what_is_too_late_is_not_sent(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.registration = 2
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await until(lambda: desk.health.state == "down")
        await ordered(desk, expires_at=desk.ground.clock.now())
        async with asyncio.timeout(5):
            while (row := (await desk.orders())[0]).status != "expired":
                await asyncio.sleep(0.01)

    assert row.error == "main: it is not in the network (registration: searching)"
    assert modem.firmware.submitted == []


async def test_an_sms_in_parts_out_of_order_is_one_event(modem: GsmModem, tmp_path: Path) -> None:
    text = "Вода в приямке 🚨 " * 12
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.is_ready()
        for pdu, length in reversed(build_delivers("+79210000001", text, 7)):
            modem.firmware.deliver_pdu(pdu, length)
        await until(lambda: desk.events)
        (event,) = desk.events
        assert isinstance(event, SmsReceived)
        assert (event.number, event.text, event.by) == ("+79210000001", text, "main")
        rows = await desk.ground.store.read(
            lambda connection: page_phone_received(connection, "sms", modem=None, before=None, limit=10)
        )
        assert [(each.text, each.is_complete) for each in rows] == [(text, True)]
        await until(lambda: not modem.firmware.memory)


async def test_an_unreadable_sms_is_dropped_and_the_next_is_read(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        modem.firmware.memory = {1: ("0791971901000010FF", 1), 2: ("not hex at all", 7)}
        await desk.is_ready()
        modem.firmware.deliver("MTS", "Оплатите связь")
        await until(lambda: desk.events and not modem.firmware.memory)

    assert [getattr(each, "number", None) for each in desk.events] == ["MTS"]
    assert modem.firmware.memory == {}


async def test_a_call_is_told_once_and_hung_up(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.is_ready()
        modem.firmware.ring("+79210000001", times=3)
        await until(lambda: modem.firmware.commands.count("AT+CHUP") == 2)  # the first one was at the start

    assert [(each.number, each.by) for each in desk.events if isinstance(each, CallReceived)] == [
        ("+79210000001", "main")
    ]


async def test_two_modems_share_one_queue(modem: GsmModem, tmp_path: Path) -> None:
    async with GsmModem(GsmFirmware(), tmp_path / "usb-spare", slow_s=0.02) as spare:
        modem.slow_s = 0.02
        settings = f"{{port: {modem.path}, modems: [{{name: spare, port: {spare.path}}}]}}"
        async with desk_with(tmp_path, settings) as desk:
            await until(lambda: desk.health.detail == "main: MTS RUS; spare: MTS RUS")
            outcomes = await asyncio.gather(*(desk.tell(f"{number}") for number in range(8)))
            assert {each.status for each in outcomes} == {"sent"}
            assert min(len(modem.firmware.submitted), len(spare.firmware.submitted)) >= 2

            await spare.unplug()
            await until(lambda: desk.health.state == "degraded")
            assert desk.health.detail.startswith("spare: ")
            assert (await desk.tell("goes on")).status == "sent"


async def test_the_balance_is_asked_and_a_low_one_is_a_warning(modem: GsmModem, tmp_path: Path) -> None:
    settings = f"{{port: {modem.path}, balance: {{code: '*100#', warn_below: 300}}}}"
    async with desk_with(tmp_path, settings) as desk:
        await until(lambda: desk.health.state == "degraded")
        assert desk.health.detail == "the balance of a SIM card is below 300: main: 245.5"
        (view,) = await desk.views()
        assert (view.balance, view.balance_text, view.is_balance_low) == (245.5, "Баланс: 245,50 р.", True)


@pytest.mark.parametrize("balance", [None, "Услуга недоступна"], ids=["silence", "words"])
async def test_a_balance_that_nobody_tells_harms_nothing(modem: GsmModem, tmp_path: Path, balance: str | None) -> None:
    modem.firmware.balance = balance
    async with desk_with(tmp_path, f"{{port: {modem.path}, balance: {{code: '*100#'}}}}") as desk:
        await desk.is_ready()
        async with asyncio.timeout(5):
            while (view := (await desk.views())[0]).last_error is None:
                await asyncio.sleep(0.01)
        assert view.last_error.startswith("*100#: no ")
        assert (await desk.tell()).status == "sent"
