"""Field work over REST: meter checks, grey inputs, the port terminal."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from irzhub.codec.meters.crc import crc16
from irzhub.web.stream import SIGNED_OUT
from tests.web.conftest import TOKENS
from tests.web.routes.whole_hub import IMEI, Dialled, WholeHub, whole_hub

ONE = f"/api/v1/modems/{IMEI}"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        yield made


def closed(text: str) -> bytes:
    body = bytes.fromhex(text)
    return body + crc16(body).to_bytes(2, "little")


async def hears(modem: Dialled, wanted: bytes) -> None:
    """Wait until the modem was given these bytes."""
    heard = b""
    async with asyncio.timeout(20):
        while wanted not in heard:
            heard += await modem.reader.read(1000)


async def answers(modem: Dialled, question: bytes, answer: bytes) -> None:
    await hears(modem, question)
    modem.writer.write(answer)


async def test_a_meter_tells_its_serial_number(hub: WholeHub) -> None:
    modem = await hub.dials()
    meter = asyncio.get_running_loop().create_task(answers(modem, closed("570800"), closed("570b1f2a5701010f")))

    reply = await hub.call("POST", f"{ONE}/meter_check", {"protocol": "mercury", "address": "87"}, token="operator")

    await meter
    assert reply.status == 200, reply.body
    said = reply.json()
    assert (said["answered"], said["serial"], said["error"]) == (True, "11314287", None)
    assert said["question"] == closed("570800").hex()


async def test_a_silent_meter_is_no_error_and_an_absent_modem_is(hub: WholeHub) -> None:
    await hub.dials()
    silent = await hub.call("POST", f"{ONE}/meter_check", {"protocol": "modbus", "timeout_s": 0.3})
    assert (silent.json()["answered"], silent.json()["answer"]) == (False, "")

    await hub.call("POST", f"{ONE}/kick")
    await hub.until(lambda: hub.hub.states.get(IMEI).link == "offline")
    away = await hub.call("POST", f"{ONE}/meter_check", {"protocol": "modbus"})
    assert (away.status, away.json()["code"]) == (409, "modem_away")


@pytest.mark.parametrize(
    "body",
    [
        {"protocol": "hex"},
        {"protocol": "modbus", "hex": "00"},
        {"protocol": "modbus", "address": "300"},
        {"protocol": "mercury", "address": "x"},
        {"protocol": "hex", "hex": "0"},
    ],
)
async def test_a_wrong_question_is_not_asked(hub: WholeHub, body: dict[str, str]) -> None:
    await hub.dials()

    assert (await hub.call("POST", f"{ONE}/meter_check", body)).status == 422


async def test_raw_bytes_need_their_right(hub: WholeHub) -> None:
    await hub.dials()

    assert (
        await hub.call("POST", f"{ONE}/meter_check", {"protocol": "hex", "hex": "00"}, token="operator")
    ).status == 403


async def test_grey_inputs_say_why_and_what_mends_them(hub: WholeHub) -> None:
    await hub.dials()

    items = (await hub.call("GET", f"{ONE}/input_reasons", token="viewer")).json()["items"]

    assert [(each["pin"], each["reason"]) for each in items] == [(pin, "no_encapsulation") for pin in (1, 2, 3)]
    assert items[0]["mend"][0] == "AT$CLNT_SET1=1,0,0,1"


async def test_a_terminal_is_the_line_for_one_person_alone(hub: WholeHub) -> None:
    modem = await hub.dials()
    program, _ = await hub.polls()
    await hub.until(lambda: hub.hub.states.get(IMEI).clients == 1)
    url = f"{hub.hub.web.url.rstrip('/')}{ONE}/terminal"
    headers = {"Authorization": f"Bearer {TOKENS['engineer']}"}

    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await hub.http.ws_connect(url, headers=headers)
    assert refusal.value.status == 409
    with pytest.raises(aiohttp.WSServerHandshakeError) as forbidden:
        await hub.http.ws_connect(url, headers={"Authorization": f"Bearer {TOKENS['operator']}"})
    assert forbidden.value.status == 403

    async with hub.http.ws_connect(f"{url}?take_over=true", headers=headers) as terminal:
        async with asyncio.timeout(10):
            assert await program.read() == b"", "the program was disconnected"
        await terminal.send_bytes(b"question")
        await hears(modem, b"question")
        modem.writer.write(b"answer")
        assert await terminal.receive_bytes(timeout=10) == b"answer"

        second, _ = await hub.polls()
        async with asyncio.timeout(10):
            assert await second.read() == b"", "nobody else is let in"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await hub.http.ws_connect(f"{url}?take_over=true", headers=headers)
    await hub.until(lambda: hub.hub.states.get(IMEI).clients == 0)
    await hub.until(lambda: IMEI not in hub.hub.fleet.field_work.builder.reserved)
    rows = await hub.hub.store.read(
        lambda conn: conn.exec_driver_sql("SELECT actor, status FROM audit WHERE action = 'open_terminal'").all()
    )
    assert ("engineer", 101) in [tuple(row) for row in rows]


@pytest.mark.parametrize("how", ["the token is revoked", "the modem is another's now"])
async def test_a_terminal_ends_with_the_right_to_it(hub: WholeHub, how: str) -> None:
    for id_ in ("north", "south"):
        await hub.call("POST", "/api/v1/organisations", {"id": id_, "name": id_})
    wish = {"name": "fitter", "role": "engineer", "organisations": ["north"]}
    token = (await hub.call("POST", "/api/v1/tokens", wish)).json()
    modem = await hub.dials()
    await hub.call("PATCH", ONE, {"organisation": "north"})
    url = f"{hub.hub.web.url.rstrip('/')}{ONE}/terminal"
    async with hub.http.ws_connect(url, headers={"Authorization": f"Bearer {token['token']}"}) as terminal:
        await terminal.send_bytes(b"question")
        await hears(modem, b"question")
        await hub.call("PATCH", ONE, {"name": "Котельная 7"})  # no matter of rights
        modem.writer.write(b"answer")
        assert await terminal.receive_bytes(timeout=10) == b"answer"
        if how == "the token is revoked":
            assert (await hub.call("DELETE", f"/api/v1/tokens/{token['id']}")).status == 204
        else:
            await hub.call("PATCH", ONE, {"organisation": "south"})
        end = await terminal.receive(timeout=10)
        assert (end.type, end.data) == (aiohttp.WSMsgType.CLOSE, SIGNED_OUT)
    await hub.until(lambda: hub.hub.states.get(IMEI).clients == 0)


async def test_the_port_of_a_modem_is_tried_as_a_program_would(hub: WholeHub) -> None:
    modem = await hub.dials()

    reply = await hub.call("POST", f"{ONE}/port_test", token="operator")

    said = reply.json()
    assert (said["listening"], said["online"], said["cause"]) == (True, True, None)
    assert said["address"] == f"127.0.0.1:{hub.hub.fleet.registry.get(IMEI).port}"
    assert said["took_ms"] >= 0
    await modem.close()
    await hub.until(lambda: hub.hub.states.get(IMEI).link == "offline")
    assert not (await hub.call("POST", f"{ONE}/port_test", token="operator")).json()["online"]
