"""Modems made, approved, turned away, deleted, replaced and disconnected over REST."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

MODEMS = "/api/v1/modems"
NEW = "868441036775299"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        yield made


async def test_a_modem_is_made_in_advance_and_found_by_all_that_is_said_of_it(hub: WholeHub) -> None:
    body = {"imei": IMEI, "name": "Котельная 7", "group": "Север", "phone_sim1": "+79211234567", "comment": "за рекой"}
    made = await hub.call("POST", MODEMS, body)

    assert made.status == 201, made.body
    assert made.headers["Location"] == f"{MODEMS}/{IMEI}"
    shown = made.json()
    assert (shown["port"], shown["state"], shown["name"]) == (hub.first_port, "offline", "Котельная 7")
    await hub.polls()
    for words in ("котельная", "+79211234567", "рекой", str(hub.first_port), IMEI[3:9]):
        assert (await hub.call("GET", MODEMS, params={"filter": words})).json()["total"] == 1, words
    assert (await hub.call("POST", MODEMS, body)).json()["code"] == "already_known"
    taken = await hub.call("POST", MODEMS, {"imei": NEW, "port": hub.first_port})
    assert taken.json()["code"] == "port_taken"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"imei": "123"}, "imei"),
        ({"imei": IMEI, "site": "nowhere"}, "site"),
        ({"imei": IMEI, "organisation": "x"}, "organisation"),
    ],
)
async def test_what_does_not_exist_cannot_be_said(hub: WholeHub, body: dict[str, str], field: str) -> None:
    reply = await hub.call("POST", MODEMS, body)

    assert reply.status == 422
    assert reply.json()["errors"][0]["field"] == field


async def test_a_deleted_modem_is_gone_and_may_return_to_its_port(hub: WholeHub) -> None:
    modem = await hub.dials()
    assert (await hub.call("DELETE", f"{MODEMS}/{IMEI}", token="operator")).status == 403

    assert (await hub.call("DELETE", f"{MODEMS}/{IMEI}")).status == 204
    assert await modem.reader.read() is not None
    assert (await hub.call("GET", f"{MODEMS}/{IMEI}")).status == 404
    former = (await hub.call("GET", "/api/v1/former_modems")).json()["items"]
    assert [(each["modem"], each["reason"], each["port"]) for each in former] == [(IMEI, "deleted", hub.first_port)]

    await hub.dials(NEW)
    await hub.dials()
    ports = {state.modem: state.port for state in hub.hub.states}
    assert ports == {IMEI: hub.first_port, NEW: hub.first_port + 1}


async def test_a_blocked_modem_returns_only_when_it_is_forgiven(hub: WholeHub) -> None:
    await hub.dials()
    await hub.call("DELETE", f"{MODEMS}/{IMEI}", params={"again": "block", "port": "free"})

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await hub.dials()
    assert (await hub.call("DELETE", f"/api/v1/former_modems/{IMEI}")).status == 204
    assert (await hub.call("DELETE", f"/api/v1/former_modems/{IMEI}")).status == 404
    await hub.dials()


async def test_quarantine_is_listed_approved_and_rejected(tmp_path: Path) -> None:
    async with whole_hub(tmp_path, **{"relay.modems.unknown_modems": "quarantine"}) as hub:
        for imei in (IMEI, NEW):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await hub.dials(imei)
        waiting = (await hub.call("GET", "/api/v1/quarantine")).json()["items"]
        assert [each["modem"] for each in waiting] == [IMEI, NEW]

        assert (await hub.call("POST", f"{MODEMS}/{IMEI}/approve")).json()["port"] == hub.first_port
        assert (await hub.call("POST", f"{MODEMS}/{NEW}/reject")).status == 204
        assert (await hub.call("POST", f"{MODEMS}/{IMEI}/approve")).status == 409
        await hub.dials()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await hub.dials(NEW)
        rejected = [event for event in await hub.hub.journal.read(0, 100) if event.type == "rejected"]
        assert rejected[-1].reason == "an operator turned it away"  # type: ignore[attr-defined]


async def test_a_replaced_modem_hands_over_all_but_its_name_on_the_wire(hub: WholeHub) -> None:
    await hub.dials()
    await hub.call("PATCH", f"{MODEMS}/{IMEI}", {"name": "Котельная 7", "inputs": {"1": {"name": "Дверь"}}})

    replaced = await hub.call("POST", f"{MODEMS}/{IMEI}/replace", {"imei": NEW})

    assert replaced.status == 200, replaced.body
    shown = replaced.json()
    assert (shown["modem"], shown["name"], shown["port"]) == (NEW, "Котельная 7", hub.first_port)
    assert shown["inputs"]["1"]["name"] == "Дверь"
    assert (await hub.call("GET", f"{MODEMS}/{IMEI}")).status == 404
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await hub.dials()
    await hub.dials(NEW)
    assert hub.hub.states.get(NEW).port == hub.first_port
    assert (await hub.call("POST", f"{MODEMS}/{NEW}/replace", {"imei": NEW})).json()["code"] == "same_modem"


async def test_a_kicked_modem_loses_its_session(hub: WholeHub) -> None:
    modem = await hub.dials()

    assert (await hub.call("POST", f"{MODEMS}/{IMEI}/kick", token="operator")).status == 204
    async with asyncio.timeout(5):
        await modem.reader.read()
    await hub.until(lambda: hub.hub.states.get(IMEI).link == "offline")
    assert (await hub.call("POST", f"{MODEMS}/{IMEI}/kick")).json()["code"] == "modem_away"


async def test_programs_are_listed_with_who_holds_the_line_and_can_be_disconnected(hub: WholeHub) -> None:
    await hub.dials()
    reader, writer = await hub.polls()
    await hub.polls()
    await hub.until(lambda: hub.hub.states.get(IMEI).clients == 2)
    writer.write(b"question")
    await hub.until(lambda: hub.hub.states.get(IMEI).tx_bytes == 8)

    items = (await hub.call("GET", f"{MODEMS}/{IMEI}/clients", token="viewer")).json()["items"]
    assert [(each["holds_line"], each["tx_bytes"]) for each in items] == [(True, 8), (False, 0)]

    assert (await hub.call("DELETE", f"{MODEMS}/{IMEI}/clients/{items[0]['id']}", token="operator")).status == 204
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    assert (await hub.call("DELETE", f"{MODEMS}/{IMEI}/clients/{'0' * 26}")).status == 404
