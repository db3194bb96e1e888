"""The services of the integration: numbers checked, outcomes in the hub's words."""

import asyncio
from pathlib import Path

import pytest

from irzhub.core.services import (
    PHONE_REQUEST,
    SMS_SEND,
    VOICE_CALL,
    Channel,
    ChannelCheck,
    Delivery,
    DeliveryTold,
    PhoneRequest,
    SmsMessage,
    SmsOutcome,
    VoiceCall,
    check_on,
    delivery_on,
)
from irzhub.simulator.gsm_modem import GsmModem
from tests.integrations.gsm_modem.conftest import TO, desk_with, until

CHANNELS: tuple[Channel, ...] = ("sms", "call")


async def test_a_control_sms_keeps_its_text_to_itself(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        message = SmsMessage(to=TO, text="5492 1AT$RESET=1", modem="868441036775234", origin="rest:anna", wait_s=5.0)
        assert await desk.ground.services.call(SMS_SEND, message) == SmsOutcome(status="delivered")
        (row,) = await desk.orders()

    assert (row.text, row.modem, row.status) == (None, "868441036775234", "delivered")
    assert [each.text for each in modem.firmware.texts()] == ["5492 1AT$RESET=1"]


async def test_a_control_sms_in_doubt_is_never_repeated(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.expect("text", "+CMS ERROR: 332")
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        outcome = await desk.ground.services.call(SMS_SEND, SmsMessage(to=TO, text="5492 1AT$RESET=1"))

    assert outcome == SmsOutcome(
        status="failed", error="it may have left: the network did not answer in time (+CMS ERROR: 332)"
    )
    assert len(modem.firmware.submitted) == 1


async def test_a_report_that_does_not_come_leaves_it_sent(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.is_reporting = False
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        message = SmsMessage(to=TO, text="x", wait_s=0.1)
        assert (await desk.ground.services.call(SMS_SEND, message)).status == "sent"


async def test_what_the_network_reports_of_a_notification_is_told(modem: GsmModem, tmp_path: Path) -> None:
    told: list[DeliveryTold] = []
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        desk.ground.bus.subscribe(DeliveryTold, told.append)
        assert (await desk.tell()).status == "sent"
        await until(lambda: bool(told))

    assert told == [DeliveryTold("01", "delivered")]


@pytest.mark.parametrize(
    ("answer", "status", "again_s"),
    [
        ("+CMS ERROR: 500", "later", 30.0),
        ("+CMS ERROR: 21", "later", 900.0),
        ("+CMS ERROR: 332", "unknown", None),
        ("+CMS ERROR: 1", "refused", None),
    ],
)
async def test_how_a_notification_ends(
    modem: GsmModem, tmp_path: Path, answer: str, status: str, again_s: float | None
) -> None:
    modem.firmware.expect("text", answer)
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        outcome = await desk.tell()

    assert (outcome.status, outcome.retry_after_s) == (status, again_s)


async def test_the_report_of_a_notification_is_told(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        told: list[DeliveryTold] = []
        desk.ground.bus.subscribe(DeliveryTold, told.append)
        assert (await desk.tell()).status == "sent"
        await until(lambda: told)
        modem.firmware.is_reporting = False
        assert (await desk.tell()).status == "sent"
        modem.firmware.report(2, TO, 0x46)
        await until(lambda: len(told) == 2)

    assert [(each.id, each.status) for each in told] == [("01", "delivered"), ("01", "failed")]


async def test_no_modem_takes_it_in_time(tmp_path: Path) -> None:
    async with desk_with(tmp_path, "{port: /dev/serial/by-id/usb-nothing}") as desk:
        outcome = await desk.tell()
        (row,) = await desk.orders()

    assert outcome.status == "later"
    assert outcome.error == ("main: /dev/serial/by-id/usb-nothing is not there: is the modem plugged in?")
    assert (row.status, row.error) == ("failed", outcome.error)


@pytest.mark.parametrize("number", ["112", "101", "03", "111", "*100#", "+7921;ATD112", ""])
async def test_nobody_is_reached_who_must_not_be(modem: GsmModem, tmp_path: Path, number: str) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        call = desk.ground.services.call
        sms, ring = Delivery(id="01", to=number, text="x"), Delivery(id="02", to=number, text="x")
        assert (await call(delivery_on("sms"), sms)).status == "refused"
        assert (await call(delivery_on("call"), ring)).status == "refused"
        assert (await call(SMS_SEND, SmsMessage(to=number, text="x"))).status == "failed"
        assert (await call(VOICE_CALL, VoiceCall(to=number))).status == "failed"
        assert (await call(PHONE_REQUEST, PhoneRequest(kind="call", to=number))).order is None
        assert (await call(PHONE_REQUEST, PhoneRequest(kind="sms", to=number, text="x"))).order is None
        assert await desk.orders() == []
    assert modem.firmware.submitted == modem.firmware.dialled == []


@pytest.mark.parametrize(("answer", "status"), [("rings", "sent"), ("answers", "delivered"), ("BUSY", "later")])
async def test_a_person_is_called(modem: GsmModem, tmp_path: Path, answer: str, status: str) -> None:
    modem.firmware.answer_of_call = answer
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        outcome = await desk.ground.services.call(delivery_on("call"), Delivery(id="01", to=TO, text="x"))
        assert outcome.status == status
        (row,) = await desk.orders("call")
        assert row.status == {"sent": "rang", "delivered": "answered", "later": "busy"}[status]


async def test_a_modem_is_called_so_that_it_dials_in(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        wanted = VoiceCall(to=TO, ring_s=0.1, modem="868441036775234")
        assert (await desk.ground.services.call(VOICE_CALL, wanted)).status == "rang"
        await until(lambda: "AT+CHUP" in modem.firmware.commands)


async def test_a_channel_is_tried_out_without_writing_to_anybody(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.is_ready()
        for channel in CHANNELS:
            outcome = await desk.ground.services.call(check_on(channel), ChannelCheck(language="ru"))
            assert (outcome.is_good, outcome.text) == (True, "main: MTS RUS, -71 дБм")
    assert modem.firmware.submitted == modem.firmware.dialled == []


async def test_the_queue_has_an_end(tmp_path: Path) -> None:
    async with desk_with(tmp_path, "{port: /dev/serial/by-id/usb-nothing}") as desk:
        with pytest.MonkeyPatch.context() as patch:
            desk.patch(patch, "counter.MOST_WAITING", 0)
            taken = await desk.ground.services.call(PHONE_REQUEST, PhoneRequest(kind="sms", to=TO, text="x"))

    assert taken.order is None
    assert taken.error is not None
    assert taken.error.endswith("no more are taken")


async def test_a_notification_waits_for_a_modem_that_works_through_others(
    modem: GsmModem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        desk.patch(monkeypatch, "counter._UNTAKEN_S", 0.15)
        await desk.is_ready()
        modem.slow_s = 0.05  # for each answer: an SMS takes twice as long
        outcomes = await asyncio.gather(*(desk.tell(f"{number}") for number in range(5)))

    assert [each.status for each in outcomes] == ["sent"] * 5
    assert [each.text for each in modem.firmware.texts()] == ["0", "1", "2", "3", "4"]
