"""Every fault of a modem on a serial line, on a real terminal: what the hub says of it, and how it comes back."""

import asyncio
from pathlib import Path

import pytest

from irzhub.core.services import PHONE_REQUEST, PhoneRequest
from irzhub.simulator.gsm_modem import GsmModem
from irzhub.simulator.gsm_pdu import build_deliver, build_delivers
from irzhub.storage.errors import LocalStoreFailed
from tests.integrations.gsm_modem.conftest import TO, desk_with, until


async def test_unplugged_and_back_under_another_terminal(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.is_ready()
        before = modem.tty
        await modem.unplug()
        await until(lambda: desk.health.state == "down")
        other = GsmModem(modem.firmware)
        await other.plug()  # takes the terminal's number, so that the modem gets another one
        await modem.plug()
        modem.firmware.say = modem.say
        assert modem.tty != before
        began = asyncio.get_running_loop().time()
        await desk.is_ready()
        assert asyncio.get_running_loop().time() - began < 30.0
        assert (await desk.tell()).status == "sent"
        await other.unplug()


async def test_unplugged_in_the_middle_of_an_sms(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.expect("text", None)
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        telling = asyncio.get_running_loop().create_task(desk.tell())
        await until(lambda: modem.firmware.submitted)
        await modem.unplug()

        assert (await telling).status == "unknown"


async def test_an_order_in_doubt_goes_out_once_more_and_is_marked(
    modem: GsmModem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modem.firmware.expect("text", None, "+CMS ERROR: 332")
    async with desk_with(tmp_path, f"{{port: {modem.path}, sms_timeout: 1s}}") as desk:
        desk.patch(monkeypatch, "desk.DOUBTFUL_AGAIN_S", 0.3)
        await desk.ground.services.call(PHONE_REQUEST, PhoneRequest(kind="sms", to=TO, text="Дверь"))
        async with asyncio.timeout(10):
            while (row := (await desk.orders())[0]).status != "unknown":
                await asyncio.sleep(0.02)

    assert (row.may_repeat, row.attempts) == (True, 2)
    assert len(modem.firmware.submitted) == 2, "never a third time"


@pytest.mark.parametrize("answer", ["ERROR", "+CMS ERROR: 500", None], ids=["ERROR", "500", "no prompt"])
async def test_what_did_not_leave_is_sent_the_next_time(modem: GsmModem, tmp_path: Path, answer: str | None) -> None:
    modem.firmware.expect("AT+CMGS", answer)
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        assert (await desk.tell()).status == "later"
        assert (await desk.tell()).status == "sent"

    assert len(modem.firmware.submitted) == 1


async def test_garbage_and_ring_in_the_middle(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.is_ready()
        modem.slow_s = 0.05
        telling = asyncio.get_running_loop().create_task(desk.tell())
        for _ in range(10):
            modem.say(b"\xff\xfe\r\nRI\x00NG\r\n\r\n+CREG: 1\r\n*PSUTTZ: 1\r\n")
            await asyncio.sleep(0.02)

        assert (await telling).status == "sent"
    assert len(modem.firmware.submitted) == 1


async def test_a_mute_modem_is_opened_again_and_again(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.is_deaf = True
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await until(lambda: desk.health.state == "down")
        assert "switch its power off and on" in desk.health.detail
        modem.firmware.is_deaf = False
        await desk.is_ready()


async def test_a_modem_that_goes_mute_is_reset(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        assert (await desk.tell()).status == "sent"
        modem.firmware.expect("AT+CMGS", None)
        modem.firmware.expect("AT", None, None, None)
        assert (await desk.tell()).status == "later"
        await until(lambda: "AT+CFUN=1,1" in modem.firmware.commands)
        assert (await desk.tell()).status == "sent"


async def test_a_card_that_wants_a_pin_without_one(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.pin = "1234"
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await until(lambda: desk.health.detail.startswith("main: its SIM card wants a PIN"))
        assert (await desk.views())[0].state == "pin_wanted"
    assert modem.firmware.tries == 3


async def test_a_wrong_pin_is_tried_once_over_restarts_too(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.pin = "1234"
    for _ in range(3):
        async with desk_with(tmp_path, f"{{port: {modem.path}, pin: '4321'}}") as desk:
            await until(lambda: "the PIN was tried once" in desk.health.detail)
    assert modem.firmware.tries == 2

    async with desk_with(tmp_path, f"{{port: {modem.path}, pin: '1234'}}") as desk:
        await desk.is_ready()
    assert modem.firmware.tries == 3


async def test_a_pin_waits_for_a_disk_on_which_its_try_can_be_noted(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.pin, modem.firmware.is_deaf = "1234", True
    async with desk_with(tmp_path, f"{{port: {modem.path}, pin: '1234'}}") as desk:
        await until(lambda: desk.health.state == "down")

        def fails(_jobs: object) -> None:
            raise LocalStoreFailed("disk full")

        store = desk.ground.store
        store._commit = fails  # type: ignore[assignment]
        modem.firmware.is_deaf = False
        await until(lambda: "the PIN waits until the hub's disk works" in desk.health.detail)
        assert modem.firmware.tries == 3, "not tried"
        del store._commit
        await desk.is_ready()


async def test_the_sim_card_is_taken_out_and_put_back(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.is_ready()
        modem.firmware.remove_sim()
        await until(lambda: desk.health.detail == "main: there is no SIM card in it")
        assert (await desk.views())[0].state == "no_sim"
        modem.firmware.insert_sim()
        await desk.is_ready()
        assert (await desk.tell()).status == "sent"


async def test_out_of_the_network_and_back(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.is_ready()
        modem.firmware.registration = 3
        modem.say(b"\r\n+CREG: 3\r\n")
        await until(lambda: desk.health.detail == "main: it is not in the network (registration: denied)")
        assert (await desk.tell()).status == "later"
        modem.firmware.registration = 5
        assert (await desk.tell()).status == "sent"
        assert (await desk.views())[0].registration == "roaming"


async def test_a_modem_that_never_finds_its_network_is_restarted(
    modem: GsmModem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modem.firmware.registration = 2
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        desk.patch(monkeypatch, "modem._NETWORK_RESET_S", 0.3)
        await until(lambda: "AT+CFUN=1,1" in modem.firmware.commands)
        modem.firmware.registration = 1
        await desk.is_ready()


async def test_a_call_that_a_killed_hub_left_is_ended(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.dialled, modem.firmware._is_calling = [TO], True
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.is_ready()
    assert not modem.firmware._is_calling


async def test_a_number_without_its_plus(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.is_ready()
        modem.say(b'\r\nRING\r\n\r\n+CLIP: "79210000001",145\r\n')
        await until(lambda: desk.events)
    assert [getattr(each, "number", None) for each in desk.events] == ["+79210000001"]


async def test_a_full_memory_is_emptied(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.room = 2
    modem.firmware.is_deaf = True
    for text in ("one", "two", "three"):
        modem.firmware.deliver("+79210000001", text)
    modem.firmware.is_deaf = False
    assert len(modem.firmware.memory) == 2
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.is_ready()
        await until(lambda: len(desk.events) == 2)
        modem.firmware.deliver("+79210000001", "four")
        await until(lambda: len(desk.events) == 3)
        assert modem.firmware.memory == {}


async def test_an_sms_that_the_modem_did_not_tell_of_is_found(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}, signal_every: 1s}}") as desk:
        assert (await desk.tell()).status == "sent"
        modem.firmware.memory[1] = build_deliver("+79210000001", "тихо")
        await until(lambda: desk.events)
        await until(lambda: modem.firmware.memory == {})


async def test_a_part_outlives_the_hub_on_the_card(modem: GsmModem, tmp_path: Path) -> None:
    first, second = build_delivers("+79210000001", "я" * 100)
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.is_ready()
        modem.firmware.deliver_pdu(*second)
        await until(lambda: modem.firmware.commands.count("AT+CMGL=4") >= 2)
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.is_ready()
        modem.firmware.deliver_pdu(*first)
        await until(lambda: desk.events and not modem.firmware.memory)

    assert [getattr(each, "text", None) for each in desk.events] == ["я" * 100]


async def test_credit_is_out(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.expect("text", "+CMS ERROR: 21")
    modem.firmware.balance = "Баланс: -0,40 р."
    async with desk_with(tmp_path, f"{{port: {modem.path}, balance: {{code: '*100#'}}}}") as desk:
        outcome = await desk.tell()
        assert (outcome.status, outcome.retry_after_s) == ("later", 900.0)
        assert outcome.error == "the network rejects the SMS: is there money on the SIM? (+CMS ERROR: 21)"
        await until(lambda: desk.health.state == "degraded")
        assert "-0.4" in desk.health.detail


async def test_a_slow_network(modem: GsmModem, tmp_path: Path) -> None:
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.is_ready()
        modem.slow_s = 0.15
        assert (await desk.tell()).status == "sent"


async def test_the_hub_stops_while_an_sms_is_on_its_way(modem: GsmModem, tmp_path: Path) -> None:
    modem.firmware.expect("text", None)
    async with desk_with(tmp_path, f"{{port: {modem.path}}}") as desk:
        await desk.ground.services.call(PHONE_REQUEST, PhoneRequest(kind="sms", to=TO, text="Дверь"))
        await until(lambda: modem.firmware.submitted)
    async with desk_with(tmp_path, "{port: /dev/serial/by-id/usb-nothing}") as desk:
        (row,) = await desk.orders()

    assert (row.status, row.may_repeat) == ("queued", True)
