"""The simulated modem against a hub written by hand, with the vectors of docs/protocol.md 7."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from irzhub.simulator.meters import EchoMeter, Meter, SlowMeter
from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from tests.simulator.scripted_hub import ScriptedHub

IMEI = "868441036775234"
PROMPT = ModemOptions(command_delay_s=(0, 0), reconnect_s=(0.05, 0.05), outputs=frozenset())
RAW = replace(PROMPT, encapsulated=False)


@pytest.fixture
async def hub() -> AsyncIterator[ScriptedHub]:
    async with ScriptedHub() as hub:
        yield hub


def modem_at(hub: ScriptedHub, options: ModemOptions = PROMPT, meter: Meter | None = None) -> SimulatedModem:
    return SimulatedModem("127.0.0.1", hub.port, IMEI, options, meter=meter)


async def test_says_hello_and_is_online_once_answered(hub: ScriptedHub) -> None:
    async with modem_at(hub) as modem:
        line = await hub.line()

        assert line.hello == (
            b"AT$IMEI=868441036775234,PSW=5492,TYP=ATM,DEV=ATM31,VER=01,REV=03,BLD=016.353,HDW=2.0,SIM=0,CSQ=21,"
            b"COLPROT=1.3,ATP=1.1,INT=485+232,\n"
        )
        assert modem.answer_line == b"20260922140000,MOD=DAT,\r"
    assert await line.hears_end()


async def test_raw_modem_names_no_encapsulation_and_channel_only_when_it_has_one(hub: ScriptedHub) -> None:
    async with modem_at(hub, replace(RAW, channel=2, password=None, extra="TIM=CALL")):
        hello = (await hub.line()).hello

    assert hello.startswith(b"AT$IMEI=868441036775234,TYP=ATM,")
    assert hello.endswith(b"ATP=1.1,INT=485+232,CHN=2,TIM=CALL,\n")
    assert b"COLPROT" not in hello


async def test_hello_can_come_in_pieces(hub: ScriptedHub) -> None:
    async with modem_at(hub, replace(PROMPT, hello_pieces=3)):
        assert (await hub.line()).hello.endswith(b"INT=485+232,\n")


@pytest.mark.parametrize(
    "answer",
    [
        b"20260922140000,MOD=DAT,\r\n",
        b"20260922140000,MOD=DAT,\n",
        b"20260922140000,MOD=DAT,",
        b"20261322140000,MOD=DAT,\r",
        b"20260922240000,MOD=DAT,\r",
        b"20260922140000,MOD=XYZ,\r",
        b"20260922140000,MOD=SET,PSW=123,\r",
        bytes.fromhex("32303236303932323134303030302C4D4F443D4441542C0DC8CACBCCCD0C00030040010D0A"),
    ],
    ids=["crlf", "lf", "no end", "month 13", "hour 24", "mode", "short password", "command glued behind"],
)
async def test_wrong_answer_line_is_refused_and_closed(hub: ScriptedHub, answer: bytes) -> None:
    hub.answer = answer
    modem = modem_at(hub)
    modem.start()

    assert await (await hub.line()).hears_end()
    await (await hub.line(1)).hears_end()
    assert modem.counts.answers_refused >= 1
    assert modem.counts.answered == 0
    await modem.stop()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("C8CACBCCCD0C00030040010D0A", "C8CACBCCCD0C0004014001150D0A"),
        ("C8CACBCCCD0C00030540010D0A", "C8CACBCCCD0C0004014001150D0A"),
        ("C8CACBCCCD0C00030040020D0A", "C8CACBCCCD0C0007014002808080800D0A"),
        ("C8CACBCCCD0C00030040030D0A", "C8CACBCCCD0C00040140033F0D0A"),
        ("C8CACBCCCD0C00030040050D0A", "C8CACBCCCD0C00040140057D0D0A"),
        (
            "C8CACBCCCD0C000300400B0D0A",
            "C8CACBCCCD0C001601400B383937303139393332373234313935393833460D0A",
        ),
        ("C8CACBCCCD01000501080027C00D0A", "C8CACBCCCD01000501080027C00D0A"),
    ],
    ids=["csq", "csq with another first byte", "pins", "03", "temperature", "iccid", "data"],
)
async def test_answers_the_vectors(hub: ScriptedHub, question: str, answer: str) -> None:
    async with modem_at(hub):
        line = await hub.line()
        line.says(question)

        assert await line.hears(len(answer) // 2) == answer


async def test_cells_have_the_length_of_the_vector(hub: ScriptedHub) -> None:
    async with modem_at(hub):
        line = await hub.line()
        line.says("C8CACBCCCD0C00030040040D0A")

        assert await line.hears(11) == "C8CACBCCCD0C00AC014004"
        assert (await line.hears(171)).endswith("0D0A")


async def test_length_quirk_lasts_until_the_first_change(hub: ScriptedHub) -> None:
    async with modem_at(hub, replace(PROMPT, length_quirk=True)) as modem:
        line = await hub.line()
        line.says("C8CACBCCCD0C00030040020D0A")
        assert await line.hears(18) == "C8CACBCCCD0C000701400280808080820D0A"

        assert modem.set_pin(2, is_high=True)
        assert await line.hears(17) == "C8CACBCCCD0C000701400280828080" + "0D0A"
        line.says("C8CACBCCCD0C00030040020D0A")
        assert await line.hears(17) == "C8CACBCCCD0C000701400280828080" + "0D0A"


async def test_unknown_commands_get_no_answer(hub: ScriptedHub) -> None:
    async with modem_at(hub) as modem:
        line = await hub.line()
        line.says("C8CACBCCCD0C00030040060D0A")
        line.says("C8CACBCCCD0C00030040070D0A")

        assert await line.hears_nothing()
        assert modem.counts.commands == 2


async def test_sets_an_output_and_refuses_an_input(hub: ScriptedHub) -> None:
    async with modem_at(hub, replace(PROMPT, outputs=frozenset({4}))) as modem:
        line = await hub.line()
        line.says("C8CACBCCCD0C000800246770343D310D0D0A")
        assert await line.hears(13) == "C8CACBCCCD0C000301" + b"OK".hex().upper() + "0D0A"
        line.says("C8CACBCCCD0C00030040020D0A")
        assert await line.hears(17) == "C8CACBCCCD0C0007014002808080C20D0A"

        line.says("C8CACBCCCD0C000800246770333D310D0D0A")
        assert await line.hears(16) == "C8CACBCCCD0C000601" + b"ERROR".hex().upper() + "0D0A"
        assert not modem.pins.is_high(3)


@pytest.mark.parametrize(
    ("options", "heartbeat"),
    [(RAW, "B5BCBDBEBF"), (PROMPT, "C8CACBCCCD020005B5BCBDBEBF0D0A")],
    ids=["raw", "encapsulated"],
)
@pytest.mark.parametrize("pieces", [1, 2])
async def test_keeps_the_link_alive_when_quiet(
    hub: ScriptedHub, options: ModemOptions, heartbeat: str, pieces: int
) -> None:
    async with modem_at(hub, replace(options, keepalive_s=0.3, keepalive_pieces=pieces)) as modem:
        line = await hub.line()
        first = await line.reader.read(100)

        whole = bytes.fromhex(heartbeat)
        assert first == (whole if pieces == 1 else whole[: (len(whole) + 1) // 2])
        if pieces == 2:
            assert await line.hears(len(whole) - len(first)) == whole[len(first) :].hex().upper()
        assert modem.counts.keepalives == 1


async def test_data_puts_the_keepalive_off(hub: ScriptedHub) -> None:
    async with modem_at(hub, replace(RAW, keepalive_s=0.3)):
        line = await hub.line()
        for _ in range(4):
            await asyncio.sleep(0.15)
            line.says("0102")
            assert await line.hears(2) == "0102"


async def test_slow_meter_answers_later_in_pieces(hub: ScriptedHub) -> None:
    meter = SlowMeter(EchoMeter(IMEI), delay_s=0.1, pieces=2, gap_s=0.1)
    async with modem_at(hub, RAW, meter):
        line = await hub.line()
        line.says(b"abcd")

        assert await line.hears_nothing(0.05)
        assert await line.reader.read(100) == b"ab"
        assert await line.reader.read(100) == b"cd"


async def test_long_answer_travels_in_several_frames(hub: ScriptedHub) -> None:
    async with modem_at(hub, replace(PROMPT, data_size=4)):
        line = await hub.line()
        line.says("C8CACBCCCD010006" + b"abcdef".hex() + "0D0A")

        assert (
            await line.hears(26)
            == ("C8CACBCCCD010004" + b"abcd".hex() + "0D0AC8CACBCCCD010002" + b"ef".hex() + "0D0A").upper()
        )


async def test_dials_again_after_a_close(hub: ScriptedHub) -> None:
    async with modem_at(hub) as modem:
        (await hub.line()).writer.close()
        await hub.line(1)
        await modem.wait_for("online")

        assert modem.counts.dials == 2


async def test_garbage_between_frames_is_a_fault(hub: ScriptedHub) -> None:
    async with modem_at(hub, replace(PROMPT, reconnect_s=None)) as modem:
        line = await hub.line()
        line.says("00" * 20)

        assert await line.hears_end()
        await modem.wait_for("off")
        assert modem.counts.faults == 1
        assert modem.last_fault.startswith("expected a frame c8cacbcccd, got 00 00")


async def test_vanished_link_stays_open_while_a_new_one_is_made(hub: ScriptedHub) -> None:
    async with modem_at(hub) as modem:
        old = await hub.line()
        dead = modem.vanish(redial_s=0.0)
        new = await hub.line(1)
        await modem.wait_for("online")

        old.says("C8CACBCCCD0C00030040010D0A")
        new.says("C8CACBCCCD0C00030040010D0A")
        assert await new.hears(14) == "C8CACBCCCD0C0004014001150D0A"
        assert await old.hears_nothing()
        assert dead is not None
        assert dead.is_open
        dead.abort()


async def test_standby_ends_by_a_call(hub: ScriptedHub) -> None:
    async with modem_at(hub) as modem:
        line = await hub.line()
        line.says("C8CACBCCCD0C00070024776169740D0D0A")
        assert await line.hears(13) == "C8CACBCCCD0C0003014F4B0D0A"
        await modem.wait_for("standby")

        modem.wake()
        await modem.wait_for("online")
        assert len(hub.lines) == 2


async def test_settings_are_taken_line_by_line(hub: ScriptedHub) -> None:
    hub.answer = b"20260922140000,MOD=SET,PSW=5492,\r"
    modem = modem_at(hub, replace(PROMPT, reconnect_s=None))
    modem.start()
    line = await hub.line()
    assert await line.hears(16) == "C8CACBCCCD050006504153534F4B0D0A"
    await modem.wait_for("dialogue")
    line.says(b"\xc8\xca\xcb\xcc\xcd\x05\x00\x12" + b"0001at$sim_main=1\r" + b"\r\n")
    assert await line.hears(16) == "C8CACBCCCD0500064F4B252525310D0A"
    line.says(b"\xc8\xca\xcb\xcc\xcd\x05\x00\x10" + b"0002at$boot_end\r" + b"\r\n")
    assert await line.hears(14) == "C8CACBCCCD0500044F4B0D0A0D0A"

    assert await line.hears_end()
    assert modem.lines == ["at$sim_main=1", "at$boot_end"]
    await modem.stop()


async def test_wrong_service_password_is_told_and_closed(hub: ScriptedHub) -> None:
    hub.answer = b"20260922140000,MOD=SET,PSW=0000,\r"
    modem = modem_at(hub, replace(PROMPT, reconnect_s=None))
    modem.start()
    line = await hub.line()

    assert await line.hears(19) == "C8CACBCCCD0500095041535357524F4E470D0A"
    assert await line.hears_end()
    await modem.stop()


async def test_second_channel_stays_in_data_mode(hub: ScriptedHub) -> None:
    hub.answer = b"20260922140000,MOD=SET,PSW=5492,\r"
    async with modem_at(hub, replace(PROMPT, channel=2)):
        line = await hub.line()
        line.says("C8CACBCCCD0C00030040010D0A")
        assert await line.hears(14) == "C8CACBCCCD0C0004014001150D0A"


async def test_unanswered_hello_ends_an_encapsulated_call_only() -> None:
    async with ScriptedHub(answer=None) as hub:
        modem = modem_at(hub, replace(PROMPT, unanswered_s=0.1))
        modem.start()
        assert await (await hub.line()).hears_end()
        await modem.stop()

        raw = modem_at(hub, replace(RAW, unanswered_s=0.1))
        raw.start()
        assert await (await hub.line(len(hub.lines))).hears_nothing(0.3)
        await raw.stop()


async def test_change_is_told_and_kept_as_truth(hub: ScriptedHub) -> None:
    async with modem_at(hub) as modem:
        line = await hub.line()
        assert modem.toggle_pin(1)
        assert await line.hears(17) == "C8CACBCCCD0C0007014002828080800D0A"
        modem.drop()
        await modem.wait_for("waiting")
        assert not modem.toggle_pin(1)

        assert [(change.pin, change.level, change.sent) for change in modem.runtime.truth.changes] == [
            (1, "ON", True),
            (1, "OFF", False),
        ]


async def test_raw_modem_cannot_report(hub: ScriptedHub) -> None:
    async with modem_at(hub, RAW) as modem:
        assert not modem.set_pin(1, is_high=True)
        assert await (await hub.line()).hears_nothing()


async def test_refused_dial_is_counted_and_named() -> None:
    async with ScriptedHub() as hub:
        port = hub.port
    modem = SimulatedModem("127.0.0.1", port, IMEI, PROMPT)
    modem.start()
    with pytest.raises(TimeoutError, match=f"modem {IMEI}: expected online within 0.2 s"):
        await modem.wait_for("online", 0.2)

    assert modem.counts.refusals >= 2
    assert f"127.0.0.1:{port}" in modem.last_fault
    await modem.stop()
