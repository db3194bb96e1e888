"""Settings and firmware through a real relay to simulated modems: every way it can end, at every step."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from irzhub.relay.messages import ClientClosed, DialogueEnded, DialogueProgress, SessionClosed, SessionOpened
from irzhub.relay.orders import CancelDialogue, PutModem, RemoveModem, StartDialogue
from irzhub.simulator.dialogue import LAST_STEP, Misdeed, Mishap
from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from tests.relay.modem_rig import IMEI, SILENT, Hub, hello, modem_settings, until

LINES = [b"AT$SIM_MAIN=1", b"AT$IRZ_LOGIN=Secret77", b"AT$WDT_INTV=24"]
QUICK = ModemOptions(reconnect_s=(0.05, 0.05), reboot_s=(0.1, 0.1), password=None)
STEPS = [0, 1, 2, 3, LAST_STEP]


def start(**changes: object) -> StartDialogue:
    defaults: dict[str, object] = {"request": "r1", "modem": IMEI, "kind": "settings", "password": "5492"}
    defaults |= {"lines": LINES, "opening_s": 0.3, "line_s": 0.3, "ending_s": 0.3, "deadline_s": 5.0}
    return StartDialogue(**(defaults | changes))  # type: ignore[arg-type]


@pytest.fixture(params=[False, True], ids=["plain", "coded"])
async def hub(request: pytest.FixtureRequest) -> AsyncIterator[Hub]:
    async with Hub(coded=request.param) as hub:
        hub.send(PutModem(settings=modem_settings(ask=SILENT)))
        yield hub


async def online(hub: Hub, options: ModemOptions = QUICK, *mishaps: Mishap) -> SimulatedModem:
    modem = SimulatedModem("127.0.0.1", hub.port, IMEI, options)
    modem.mishaps = list(mishaps)
    hub.on_close(modem.switch_off)
    modem.start()
    await modem.wait_for("online")
    await until(lambda: len(hub.all(SessionOpened)) > len(hub.all(SessionClosed)))
    return modem


@pytest.mark.parametrize("encapsulated", [True, False], ids=["framed", "raw"])
async def test_settings_go_over_and_the_modem_comes_back_to_normal_work(hub: Hub, encapsulated: bool) -> None:
    modem = await online(hub, replace(QUICK, encapsulated=encapsulated))
    hub.send(start())
    ended = await hub.hears(DialogueEnded)
    assert (ended.request, ended.reason, ended.acknowledged, ended.total) == ("r1", "", 3, 3)
    assert hub.all(SessionClosed)[0].reason == "kicked"
    assert modem.lines == [*(line.decode() for line in LINES), "at$boot_end"]
    assert modem.answer_line[14:] == b",MOD=SET,PSW=5492,\r"
    await hub.hears(SessionOpened, 2)
    await modem.wait_for("online")
    assert modem.settings["WDT_INTV"] == "24"
    assert modem.counts.faults == 0


async def test_a_modem_that_is_away_takes_them_when_it_dials_in(hub: Hub) -> None:
    hub.send(start())
    await asyncio.sleep(0.1)
    before = len(hub.all(DialogueEnded))
    modem = SimulatedModem("127.0.0.1", hub.port, IMEI, QUICK)
    hub.on_close(modem.switch_off)
    modem.start()
    assert (before, (await hub.hears(DialogueEnded)).reason) == (0, "")


@pytest.mark.parametrize("prefix", ["%04d", "%d%%%", "0000"])
async def test_beyond_nine_lines_in_every_form_of_the_four_bytes(prefix: str) -> None:
    async with Hub() as hub:
        hub.send(PutModem(settings=modem_settings(ask=SILENT)))
        modem = await online(hub)
        hub.send(start(lines=[b"AT$COUNT_TAU1=%d" % number for number in range(120)], prefix=prefix))
        assert (await hub.hears(DialogueEnded)).reason == ""
        assert len(modem.lines) == 121


# Every step, every mishap.

OUTCOMES: dict[Misdeed, str] = {
    "silent": "timed_out",
    "hang_up": "disconnected",
    "reset": "disconnected",
    "refuse": "line_refused",
    "wrong_number": "wrong_number",
    "garbage": "unexpected_answer",
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("misdeed", "reason"), OUTCOMES.items())
async def test_what_goes_wrong_at_each_step_is_told_and_harms_nobody(step: int, misdeed: Misdeed, reason: str) -> None:
    if step == 0 and misdeed in ("refuse", "wrong_number"):
        reason = "unexpected_answer"
    async with Hub() as hub:
        hub.send(PutModem(settings=modem_settings(ask=SILENT)))
        modem = await online(hub, QUICK, Mishap(step, misdeed))
        hub.send(start())
        ended = await hub.hears(DialogueEnded)
        assert (ended.reason, ended.acknowledged) == (reason, 3 if step == LAST_STEP else max(step - 1, 0))
        assert ended.may_have_applied is (step == LAST_STEP)
        assert "Secret77" not in ended.detail
        if misdeed == "silent":
            modem.drop(redial_s=0.05)
        await hub.hears(SessionOpened, 2)
        assert modem.settings == {}
        hub.send(start(request="r2"))
        assert (await hub.hears(DialogueEnded, 2)).reason == ""
        await until(lambda: modem.settings.get("WDT_INTV") == "24")


async def test_a_wrong_service_password_is_refused_and_the_modem_comes_back(hub: Hub) -> None:
    modem = await online(hub, replace(QUICK, service_password="1111"))
    hub.send(start())
    ended = await hub.hears(DialogueEnded)
    assert (ended.reason, ended.acknowledged) == ("password_refused", 0)
    await hub.hears(SessionOpened, 2)
    assert modem.lines == []


# Firmware.


async def test_firmware_goes_over_and_the_next_hello_shows_it() -> None:
    pages = [bytes(range(256)) * 2 for _ in range(20)]
    async with Hub() as hub:
        hub.send(PutModem(settings=modem_settings(ask=SILENT)))
        modem = await online(hub)
        hub.send(start(kind="firmware", lines=pages))
        assert (await hub.hears(DialogueEnded)).reason == ""
        assert modem.firmware == pages
        assert modem.answer_line[14:] == b",MOD=FRM,PSW=5492,PAG=0020,\r"
        assert (await hub.hears(SessionOpened, 2)).firmware == f"1.3-{modem.options.build}"


@pytest.mark.parametrize("resumes", [True, False])
async def test_interrupted_firmware_goes_on_or_begins_again(resumes: bool) -> None:
    pages = [b"page %02d" % number for number in range(20)]
    async with Hub() as hub:
        hub.send(PutModem(settings=modem_settings(ask=SILENT)))
        modem = await online(hub, replace(QUICK, resumes_firmware=resumes), Mishap(12, "reset"))
        hub.send(start(kind="firmware", lines=pages))
        broken = await hub.hears(DialogueEnded)
        assert (broken.reason, broken.acknowledged) == ("disconnected", 11)
        hub.send(start(request="r2", kind="firmware", lines=pages, first=broken.acknowledged if resumes else 0))
        assert (await hub.hears(DialogueEnded, 2)).reason == ""
        assert modem.firmware == pages


# Deadlines, cancelling, one at a time.


async def test_a_modem_that_does_not_come_ends_it_at_the_deadline(hub: Hub) -> None:
    hub.send(start(deadline_s=0.2))
    ended = await hub.hears(DialogueEnded)
    assert (ended.reason, ended.detail) == ("deadline", "the modem did not dial in within 0 s")


async def test_the_deadline_ends_a_dialogue_too(hub: Hub) -> None:
    await online(hub, QUICK, Mishap(2, "silent"))
    hub.send(start(deadline_s=1.0, line_s=30.0))
    ended = await hub.hears(DialogueEnded)
    assert (ended.reason, ended.acknowledged) == ("deadline", 1)


async def test_cancelled_before_and_within(hub: Hub) -> None:
    hub.send(start())
    hub.send(CancelDialogue(request="other", modem=IMEI))
    hub.send(CancelDialogue(request="r1", modem=IMEI))
    assert [(each.request, each.reason) for each in hub.all(DialogueEnded)] == [("r1", "cancelled")]
    modem = await online(hub, QUICK, Mishap(2, "silent"))
    hub.send(start(request="r2", line_s=30.0))
    await modem.wait_for("dialogue")
    await until(lambda: modem.lines != [])
    hub.send(CancelDialogue(request="r2", modem=IMEI))
    assert (await hub.hears(DialogueEnded, 2)).reason == "cancelled"
    modem.drop(redial_s=0.05)
    await modem.wait_for("online")
    assert modem.settings == {}


async def test_never_two_at_once_and_the_same_request_is_the_same_dialogue(hub: Hub) -> None:
    hub.send(start())
    hub.send(start(request="r2"))
    refused = await hub.hears(DialogueEnded)
    assert (refused.request, refused.reason) == ("r2", "busy")
    hub.send(start())
    progress = await hub.hears(DialogueProgress)
    assert (progress.request, progress.is_running, progress.total) == ("r1", False, 3)
    await online_after_dialogue(hub)
    assert [each.request for each in hub.all(DialogueEnded)] == ["r2", "r1"]


async def online_after_dialogue(hub: Hub) -> None:
    modem = SimulatedModem("127.0.0.1", hub.port, IMEI, QUICK)
    hub.on_close(modem.switch_off)
    modem.start()
    await hub.hears(SessionOpened)


@pytest.mark.parametrize(
    ("changes", "reason", "detail"),
    [
        ({"modem": "868441036775299"}, "unknown_modem", "not known"),
        ({"modem": f"{IMEI}_2"}, "not_possible", "only the first connection"),
        ({"modem": "raw-1"}, "not_possible", "driver raw"),
        ({"password": "12"}, "invalid", "service password"),
        ({"lines": []}, "invalid", "1 to"),
        ({"kind": "toast"}, "invalid", "toast"),
    ],
)
async def test_what_cannot_be_is_said_at_once(hub: Hub, changes: dict[str, object], reason: str, detail: str) -> None:
    hub.send(PutModem(settings=modem_settings(f"{IMEI}_2")))
    hub.send(PutModem(settings=modem_settings("raw-1", driver="raw")))
    hub.send(start(**changes))
    (ended,) = hub.all(DialogueEnded)
    assert ended.reason == reason
    assert re.search(detail, ended.detail)


async def test_a_deleted_modem_and_a_hub_that_stops_end_it() -> None:
    async with Hub() as hub:
        hub.send(PutModem(settings=modem_settings(ask=SILENT)))
        hub.send(start())
        hub.send(RemoveModem(modem=IMEI))
        assert hub.all(DialogueEnded)[0].reason == "deleted"
        hub.send(PutModem(settings=modem_settings(ask=SILENT)))
        await online(hub, QUICK, Mishap(1, "silent"))
        hub.send(start(request="r2", line_s=30.0))
        await hub.hears(SessionClosed)
    assert hub.all(DialogueEnded)[1].reason == "hub_stop"


# Programs, and other modems.


@pytest.mark.parametrize(("hold_s", "is_held"), [(None, False), (10.0, True)])
async def test_programs_meet_the_modem_as_away_or_are_held(hub: Hub, hold_s: float | None, is_held: bool) -> None:
    hub.send(PutModem(settings=modem_settings(ask=SILENT, hold_s=hold_s)))
    await online(hub)
    program = await hub.polls()
    await program.says(b"1234")
    assert await program.reads(4) != b""
    hub.send(start())
    await hub.hears(SessionOpened, 2)
    assert [each.reason for each in hub.all(ClientClosed)] == ([] if is_held else ["modem_lost"])


async def test_a_question_that_is_owed_its_answer_is_waited_for(hub: Hub) -> None:
    program_modem = await hub.connects()
    await program_modem.says(hello(password=None))
    await program_modem.is_answered()
    program = await hub.polls()
    await asyncio.sleep(0.1)
    await program.says(b"ask")
    assert await program_modem.reads(3) == b"ask"
    hub.send(start())
    await asyncio.sleep(0.7)
    before = len(hub.all(SessionClosed))
    await program_modem.says(b"answer")
    assert await program.reads(6) == b"answer"
    await hub.hears(SessionClosed)
    assert before == 0


async def test_a_second_connection_in_the_middle_ends_it_and_is_served(hub: Hub) -> None:
    modem = await online(hub, QUICK, Mishap(1, "silent"))
    hub.send(start(line_s=30.0))
    await modem.wait_for("dialogue")
    dead = modem.vanish(redial_s=0.01)
    ended = await hub.hears(DialogueEnded)
    assert ended.reason == "disconnected"
    await hub.hears(SessionOpened, 2)
    assert dead is not None
    dead.abort()


async def test_a_printed_message_has_no_secret() -> None:
    assert "Secret77" not in repr(start())
    assert "5492" not in repr(start())
