"""What the hub asks a modem of itself and when, and how people's commands go before that."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest

from irzhub.relay.messages import ClientOpened, CommandAnswered, PinsSeen, ToRelay, ValuesSeen
from irzhub.relay.orders import PutModem, SendCommand
from irzhub.relay.settings import AskSettings, SharingSettings
from tests.relay.modem_rig import IMEI, SILENT, Hub, ModemEnd, hello, modem_settings, relay_settings, until

PINS, SIGNAL, CELL, TEMPERATURE, ICCID = (bytes([0, 0x40, code]) for code in (2, 1, 4, 5, 0x0B))
ANSWERS = {
    PINS: bytes.fromhex("0140028080C280"),
    SIGNAL: bytes.fromhex("01400115"),
    TEMPERATURE: bytes.fromhex("0140057D"),
    ICCID: b"\x01\x40\x0b897019932724195983F",
    CELL: b'\x01\x40\x040,"250,01,00dd,3860,29,21";',
}


def frame(payload: bytes, kind: int = 0x0C) -> bytes:
    return bytes.fromhex("C8CACBCCCD") + bytes([kind]) + len(payload).to_bytes(2, "big") + payload + b"\r\n"


class Answering:
    """A modem that answers what it is asked, and remembers when it was asked what."""

    def __init__(self, end: ModemEnd, mute: frozenset[bytes] = frozenset()) -> None:
        self.end = end
        self.mute = mute
        self.asked: list[tuple[float, bytes]] = []
        self.data = bytearray()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            kind, payload = await self.end.reads_frame()
            if kind == 1:
                self.data += payload
                continue
            self.asked.append((loop.time(), payload))
            if payload in self.mute:
                continue
            await self.end.says(frame(ANSWERS.get(payload, b"\x01OK")))

    @property
    def questions(self) -> list[bytes]:
        return [payload for _, payload in self.asked]


@pytest.fixture(params=[False, True], ids=["plain", "coded"])
async def hub(request: pytest.FixtureRequest) -> AsyncIterator[Hub]:
    async with Hub(relay_settings(command_timeout_s=0.5), coded=request.param) as hub:
        yield hub


async def answering(hub: Hub, mute: frozenset[bytes] = frozenset()) -> Answering:
    """A framed modem that is connected and answers."""
    modem = Answering(await hub.dials(hello(framed=True)), mute)
    task = asyncio.get_running_loop().create_task(modem.run())
    hub.on_close(task.cancel)
    return modem


def command(request: str, name: str, timeout_s: float = 5.0, **args: object) -> ToRelay:
    return SendCommand(request=request, modem=IMEI, command=name, args=dict(args), timeout_s=timeout_s)


async def test_at_connect_the_pins_come_first_and_everything_is_asked_once(hub: Hub) -> None:
    hub.send(PutModem(settings=modem_settings()))
    modem = await answering(hub)
    await until(lambda: len(modem.asked) == 5)
    assert modem.questions[0] == PINS
    assert set(modem.questions) == set(ANSWERS)
    seen = {key: value for message in hub.all(ValuesSeen) for key, value in message.values.items()}
    await until(lambda: len(hub.all(ValuesSeen)) == 4)
    seen = {key: value for message in hub.all(ValuesSeen) for key, value in message.values.items()}
    assert (seen["csq"], seen["temperature_c"], seen["iccid"]) == (21, 25, "897019932724195983")
    assert seen["cell"] is not None
    assert hub.all(PinsSeen)[0].asked
    await asyncio.sleep(0.4)
    assert len(modem.asked) == 5, "cell and ICCID once, the others at their interval"


async def test_questions_come_half_a_second_behind_the_answer_at_the_earliest() -> None:
    async with Hub(relay_settings(command_gap_s=0.5)) as hub:
        hub.send(PutModem(settings=modem_settings()))
        modem = await hub.dials(hello(framed=True))
        began = asyncio.get_running_loop().time()
        await modem.reads_frame()
        assert 0.45 < asyncio.get_running_loop().time() - began < 0.8


async def test_intervals_are_kept_with_jitter(hub: Hub) -> None:
    ask = AskSettings(pins_s=0.3, pins_reporting_s=5.0, signal_s=None, temperature_s=None)
    hub.send(PutModem(settings=modem_settings(ask=ask)))
    modem = await answering(hub)
    await until(lambda: modem.questions.count(PINS) >= 4)
    times = [at for at, payload in modem.asked if payload == PINS]
    assert all(0.2 < later - sooner < 0.6 for sooner, later in itertools.pairwise(times))
    assert SIGNAL not in modem.questions


async def test_a_modem_that_reports_its_pins_is_asked_rarely(hub: Hub) -> None:
    ask = AskSettings(pins_s=0.2, pins_reporting_s=60.0, signal_s=None, temperature_s=None)
    hub.send(PutModem(settings=modem_settings(ask=ask)))
    modem = await answering(hub)
    await until(lambda: modem.questions.count(PINS) >= 2)
    await modem.end.says(frame(ANSWERS[PINS]))
    await until(lambda: not hub.all(PinsSeen)[-1].asked)
    count = modem.questions.count(PINS)
    await asyncio.sleep(0.6)
    assert modem.questions.count(PINS) == count


async def test_what_is_not_answered_twice_is_not_asked_again(hub: Hub) -> None:
    ask = AskSettings(pins_s=None, signal_s=0.1, temperature_s=0.1)
    hub.send(PutModem(settings=modem_settings(ask=ask)))
    modem = await answering(hub, mute=frozenset({SIGNAL, CELL}))
    await until(lambda: modem.questions.count(SIGNAL) == 2)
    await until(lambda: modem.questions.count(TEMPERATURE) >= 4)
    assert modem.questions.count(SIGNAL) == 2
    assert modem.questions.count(CELL) == 1


async def test_new_intervals_hold_at_once_for_a_living_session(hub: Hub) -> None:
    hub.send(PutModem(settings=modem_settings(ask=SILENT)))
    modem = await answering(hub)
    await until(lambda: len(modem.asked) == 2)
    hub.send(PutModem(settings=modem_settings(ask=AskSettings(pins_s=None, signal_s=0.1, temperature_s=None))))
    await until(lambda: modem.questions.count(SIGNAL) >= 2)


async def test_a_poll_in_progress_holds_questions_back_but_not_commands(hub: Hub) -> None:
    ask = AskSettings(pins_s=0.1, pins_reporting_s=0.1, signal_s=None, temperature_s=None)
    sharing = SharingSettings(answer_timeout_s=2.0, idle_s=0.3)
    hub.send(PutModem(settings=modem_settings(ask=ask, sharing=sharing)))
    modem = await answering(hub)
    program = await hub.polls()
    await hub.hears(ClientOpened)
    await until(lambda: PINS in modem.questions)
    await program.says(b"a question")
    await until(lambda: modem.data == b"a question")
    modem.asked.clear()
    hub.send(command("amid", "signal"))
    assert (await hub.hears(CommandAnswered)).status == "ok"
    await asyncio.sleep(0.6)
    assert modem.questions == [SIGNAL], "the answer to the program is still owed"
    await modem.end.says(frame(b"the answer", kind=1))
    assert await program.reads(10) == b"the answer"
    await until(lambda: PINS in modem.questions)


async def test_commands_are_answered_in_order_and_one_at_a_time(hub: Hub) -> None:
    hub.send(PutModem(settings=modem_settings()))
    modem = await answering(hub)
    for number, name in enumerate(["signal", "pins", "temperature", "iccid"]):
        hub.send(command(str(number), name))
    await hub.hears(CommandAnswered, 4)
    answers = hub.all(CommandAnswered)
    assert [answer.request for answer in answers] == ["0", "1", "2", "3"]
    assert all(answer.status == "ok" for answer in answers)
    assert answers[0].data == {"csq": 21, "rssi_dbm": -71}
    assert answers[1].data["pins"][2] == {"pin": 3, "is_output": True, "is_high": True}
    assert len(modem.asked) >= 4


async def test_after_an_output_is_set_the_pins_are_read_at_once(hub: Hub) -> None:
    hub.send(PutModem(settings=modem_settings()))
    modem = await answering(hub)
    await until(lambda: len(modem.asked) == 5)
    modem.asked.clear()
    hub.send(command("set", "set_output", output=4, on=True))
    assert (await hub.hears(CommandAnswered)).status == "ok"
    await until(lambda: len(modem.asked) == 2, 0.5)
    assert modem.questions == [b"\x00$gp4=1\r", PINS]


async def test_a_command_without_an_answer_ends_by_its_time(hub: Hub) -> None:
    hub.send(PutModem(settings=modem_settings()))
    await answering(hub, mute=frozenset({SIGNAL}))
    hub.send(command("1", "signal"))
    answer = await hub.hears(CommandAnswered)
    assert (answer.status, answer.error) == ("error", "the modem did not answer within 1 s")
    hub.send(command("2", "temperature"))
    assert (await hub.hears(CommandAnswered, 2)).status == "ok", "and the next one is not held up"


async def test_too_many_or_impossible_commands_are_refused_with_the_reason(hub: Hub) -> None:
    hub.send(PutModem(settings=modem_settings()))
    await answering(hub, mute=frozenset({SIGNAL}))
    hub.send(command("bad", "explode"))
    hub.send(command("args", "set_output", output="door"))
    for number in range(20):
        hub.send(command(str(number), "signal", timeout_s=0.3))
    await hub.hears(CommandAnswered, 22)
    answers = {answer.request: answer for answer in hub.all(CommandAnswered)}
    assert len(answers) == 22
    assert all(answer.status == "error" for answer in answers.values())
    assert "explode" in str(answers["bad"].error)
    assert answers["19"].error == "16 commands wait for this modem already"
    assert answers["5"].error == "the modem was busy until the command's time was over"


async def test_a_command_does_not_wait_long_for_a_question_that_nobody_answers() -> None:
    async with Hub(relay_settings(command_timeout_s=25.0)) as hub:
        hub.send(PutModem(settings=modem_settings()))
        modem = await answering(hub, mute=frozenset({PINS}))
        await until(lambda: modem.questions == [PINS])
        hub.send(command("1", "signal", timeout_s=20.0))
        answer = await hub.hears(CommandAnswered)
        assert answer.status == "ok"
        at = {payload: when for when, payload in modem.asked}
        assert 4.5 < at[SIGNAL] - at[PINS] < 6.0


@pytest.mark.parametrize(("name", "status"), [("change_sim", "ok"), ("standby", "ok"), ("signal", "error")])
async def test_some_commands_are_obeyed_by_hanging_up(hub: Hub, name: str, status: str) -> None:
    hub.send(PutModem(settings=modem_settings(ask=SILENT)))
    modem = await hub.dials(hello(framed=True))
    hub.send(command("1", name))
    await modem.reads_frame()
    modem.close()
    answer = await hub.hears(CommandAnswered)
    assert answer.status == status
    assert answer.data == ({"hung_up": True} if status == "ok" else {})


async def test_programs_that_poll_without_end_do_not_keep_the_inputs_unseen_for_ever(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("irzhub.relay.questions._BUSY_LIMIT_S", 1.0)
    monkeypatch.setattr("irzhub.relay.questions._BUSY_RETRY_S", 0.2)
    hub.send(PutModem(settings=modem_settings(sharing=SharingSettings(idle_s=5.0))))
    program = await hub.polls()
    await program.says(b"Q")  # before the modem is there, so that not even the first question has a free line
    modem = await answering(hub)
    began = asyncio.get_running_loop().time()
    while PINS not in modem.questions:
        await until(lambda: b"Q" in modem.data)
        modem.data.clear()
        owed = len(modem.asked)
        await asyncio.sleep(0.05)
        assert len(modem.asked) == owed, "never while the program waits for its answer"
        await modem.end.says(frame(b"A", kind=1))
        assert await program.reads(1) == b"A"
        await asyncio.sleep(0.35)
        await program.says(b"Q")
        assert asyncio.get_running_loop().time() - began < 5
    assert asyncio.get_running_loop().time() - began > 0.9


async def test_a_program_that_asks_again_at_once_cannot_keep_a_question_from_its_turn(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("irzhub.relay.questions._BUSY_LIMIT_S", 0.5)
    monkeypatch.setattr("irzhub.relay.questions._BUSY_RETRY_S", 0.2)
    hub.send(PutModem(settings=modem_settings(sharing=SharingSettings(idle_s=5.0))))
    program = await hub.polls()
    await program.says(b"Q")
    modem = await answering(hub)
    rounds = 0
    while len(modem.asked) < 3:
        await until(lambda: b"Q" in modem.data)
        modem.data.clear()
        await asyncio.sleep(0.05)
        owed = len(modem.asked)
        await modem.end.says(frame(b"A", kind=1))
        assert await program.reads(1) == b"A"
        await program.says(b"Q")  # not a millisecond later
        await asyncio.sleep(0.02)
        assert len(modem.asked) <= owed + 1, "one at a time, behind the meter's bytes"
        rounds += 1
        assert rounds < 100
    assert modem.questions[0] == PINS
    assert rounds >= 3 * 0.5 / 0.1, "each of them waited first"
