"""What a follower hears: of the modems it wishes for and may see, and how it is told the end."""

import asyncio
import dataclasses
import json
from typing import Any

import aiohttp
import pytest

from irzhub.core.alerts import AlertShown
from irzhub.core.bus import Bus
from irzhub.core.events import Event, ModemRegistered
from irzhub.core.state import ModemState, StateStore
from irzhub.storage.accounts import add_token
from irzhub.storage.events import insert_events
from irzhub.web.identity import Identity
from irzhub.web.stream import Follower, StreamEnded, Wish
from tests.web.conftest import IMEI, WHEN, Hub, token_row
from tests.web.routes.test_stream import OTHER, follow, following, happen, hear


@pytest.mark.parametrize(
    ("wish", "heard"),
    [
        (Wish(), {IMEI, OTHER, "gone", None}),
        (Wish(modems=frozenset({IMEI, "gone"})), {IMEI, "gone"}),
        (Wish(modems=frozenset()), set()),
        (Wish(group="Север"), {IMEI}),
        (Wish(group="Севе"), set()),
        (Wish(group=""), set()),
        (Wish(group="Юг", modems=frozenset({IMEI})), set()),
    ],
    ids=["all", "modems", "no modem", "group", "part of a name", "no group", "group and modem"],
)
def test_a_wish_covers_the_modems_that_it_names(wish: Wish, heard: set[str | None]) -> None:
    states = StateStore(Bus())
    states.add(ModemState(modem=IMEI, imei=IMEI, group="Север/7"))
    states.add(ModemState(modem=OTHER, imei=OTHER, group="Юг"))

    assert {modem for modem in (IMEI, OTHER, "gone", None) if wish.covers(modem, states)} == heard


async def test_of_a_deleted_modem_only_its_own_group_is_told(hub: Hub) -> None:
    hub.add_modem(group="Север/7")
    hub.add_modem(OTHER, group="Юг")
    async with await follow(hub, "?group=Север&states=true") as socket:
        await following(hub)
        hub.states.forget(OTHER)
        hub.states.forget(IMEI)
        assert await hear(socket, 1) == [{"type": "state", "modem": IMEI, "data": None}]


async def test_who_sees_one_organisation_hears_of_nothing_else(hub: Hub) -> None:
    row = token_row("north", "token-of-north", "viewer", organisations=("north",))
    await hub.store.write(lambda connection: add_token(connection, row))
    hub.add_modem(organisation="north")
    hub.add_modem(OTHER, organisation="south")
    headers = {"Authorization": "Bearer token-of-north"}
    happen(hub, 1, OTHER)
    happen(hub, 1)
    await hub.journal.flush()

    url = hub.url("/api/v1/ws?after_seq=0&states=true")
    async with hub.http.ws_connect(url, headers=headers) as socket:
        assert [event["seq"] for event in await hear(socket, 1)] == [2], "of the past"
        await following(hub)
        happen(hub, 1, OTHER)
        happen(hub, 1, "868441036779999")
        hub.states.update(OTHER, csq=5)
        hub.states.forget(OTHER)
        await hub.journal.flush()
        hub.states.update(IMEI, csq=17)
        told = (await hear(socket, 1))[0]
        assert (told["type"], told["modem"], told["data"]["csq"]) == ("state", IMEI, 17)


async def test_alerts_are_told_to_who_wishes_and_may_see_them(hub: Hub) -> None:
    row = token_row("north", "token-of-north", "viewer", organisations=("north",))
    await hub.store.write(lambda connection: add_token(connection, row))
    hub.add_modem(organisation="north")
    hub.add_modem(OTHER, organisation="south")
    url = hub.url("/api/v1/ws?alerts=true")
    async with hub.http.ws_connect(url, headers={"Authorization": "Bearer token-of-north"}) as socket:
        await following(hub)
        hub.bus.publish(AlertShown(1, {"id": 1}))
        hub.bus.publish(AlertShown(2, {"id": 2}, OTHER))
        hub.bus.publish(AlertShown(3, {"id": 3, "title": "дверь"}, IMEI))
        hub.bus.publish(AlertShown(3, None, IMEI))
        assert await hear(socket, 2) == [
            {"type": "alert", "id": 3, "modem": IMEI, "data": {"id": 3, "title": "дверь"}},
            {"type": "alert", "id": 3, "modem": IMEI, "data": None},
        ]

    async with await follow(hub) as socket:
        await following(hub)
        hub.bus.publish(AlertShown(1, {"id": 1}))  # before anybody wishes for it
        await socket.send_json({"type": "subscribe", "alerts": True})
        assert await hear(socket, 1) == [{"type": "subscribed"}]
        hub.bus.publish(AlertShown(2, {"id": 2}))
        assert [told["id"] for told in await hear(socket, 1)] == [2]


async def hear_array(socket: aiohttp.ClientWebSocketResponse) -> Any:
    async with asyncio.timeout(10):
        return json.loads(await socket.receive_str())


async def test_gathered_messages_come_as_one_with_the_last_state_of_each_modem(hub: Hub) -> None:
    hub.add_modem(csq=5)
    hub.add_modem(OTHER, csq=5)
    async with await follow(hub, "?states=true&gather=true") as socket:
        await following(hub)
        for csq in (6, 7):
            hub.states.update(IMEI, csq=csq)
            hub.states.update(OTHER, csq=csq)
        happen(hub, 1)
        await hub.journal.flush()
        hub.states.update(OTHER, csq=8)
        told = await hear_array(socket)

    assert [(each["type"], each["modem"]) for each in told] == [
        ("state", IMEI),
        ("registered", IMEI),
        ("state", OTHER),
    ]
    assert [each["data"]["csq"] for each in told if each["type"] == "state"] == [7, 8]


async def test_the_state_of_a_modem_that_is_deleted_before_it_is_told_is_left_out(hub: Hub) -> None:
    hub.add_modem()
    async with await follow(hub, "?states=true&gather=true") as socket:
        await following(hub)
        hub.states.update(IMEI, csq=6)
        hub.states.forget(IMEI)
        del hub.registry.rows[IMEI]
        told = await hear_array(socket)

    assert told == [{"type": "state", "modem": IMEI, "data": None}]


async def test_what_is_committed_and_not_published_yet_is_told_once(hub: Hub) -> None:
    """The commit is on the disk a moment before the loop hands the event on; filters read from the disk."""
    hub.add_modem()
    happen(hub, 2)
    await hub.journal.flush()
    early = dataclasses.replace(ModemRegistered(ts=WHEN, modem=IMEI, port=1), seq=3, id=f"{3:026}")
    await hub.store.write(lambda connection: insert_events(connection, [early]))

    async with await follow(hub, "?after_seq=0&type=registered") as socket:
        assert [event["seq"] for event in await hear(socket, 2)] == [1, 2]
        await following(hub)
        hub.bus.publish(early)
        hub.bus.publish(dataclasses.replace(early, seq=4))
        assert [event["seq"] for event in await hear(socket, 2)] == [3, 4]


class Heard:
    """The end of a socket, which keeps what it is sent."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    async def send_str(self, data: str) -> None:
        data.encode()
        self.messages.append(json.loads(data))


def follower(bus: Bus, heard: Heard, past: list[Event], **changes: Any) -> Follower:
    async def read_after(position: int, _wish: Wish) -> tuple[list[Event], int]:
        page = [event for event in past if event.seq > position][:2]
        return page, page[-1].seq

    made = Follower(
        socket=heard,
        bus=bus,
        states=StateStore(bus),
        identity=Identity("scada", "viewer", frozenset()),
        wish=Wish(),
        read_after=read_after,
        last_seq=lambda: past[-1].seq if past else 0,
        event_json=lambda event: {"seq": event.seq},
        state_json=lambda state: {"csq": state.csq},
    )
    return dataclasses.replace(made, **changes)


async def until_heard(heard: Heard, count: int) -> None:
    async with asyncio.timeout(5):
        while len(heard.messages) < count:
            await asyncio.sleep(0)


def registered(seq: int) -> Event:
    return dataclasses.replace(ModemRegistered(ts=WHEN, modem=IMEI, port=1), seq=seq, id=f"{seq:026}")


async def test_what_happens_while_the_past_is_read_belongs_to_the_past() -> None:
    bus, heard, past = Bus(), Heard(), [registered(seq) for seq in range(1, 6)]

    class Slow(Heard):
        """An end that takes its time, while another event happens."""

        async def send_str(self, data: str) -> None:
            await asyncio.sleep(0)
            if len(heard.messages) == 4:
                past.append(registered(6))
                bus.publish(past[-1])
            await heard.send_str(data)

    made = follower(bus, heard, past, socket=Slow())

    async def go_on() -> None:
        await until_heard(heard, 6)
        bus.publish(registered(7))
        await until_heard(heard, 7)
        made.end(1000, "enough")

    async with asyncio.timeout(10):
        ended, _ = await asyncio.gather(made.run(0), go_on(), return_exceptions=True)

    assert str(ended) == "enough"
    assert [message["seq"] for message in heard.messages] == [1, 2, 3, 4, 5, 6, 7]
    assert made.position == 7


async def test_the_first_end_stands_and_comes_before_all_that_waits() -> None:
    bus, heard = Bus(), Heard()
    made = follower(bus, heard, [registered(1)])
    made.end(1001, "the hub stops")
    made.end(4401, "not signed in any more")
    made.say({"type": "subscribed"})

    with pytest.raises(StreamEnded) as end:
        await made.run(0)
    assert (end.value.code, end.value.reason, heard.messages) == (1001, "the hub stops", [])


async def test_half_a_character_ends_no_stream() -> None:
    heard = Heard()
    made = follower(Bus(), heard, [registered(1)], event_json=lambda event: {"seq": event.seq, "text": "a\ud800"})

    async def go_on() -> None:
        await until_heard(heard, 1)
        made.end(1000, "")

    async with asyncio.timeout(10):
        await asyncio.gather(made.run(0), go_on(), return_exceptions=True)
    assert heard.messages == [{"seq": 1, "text": "a?"}]


async def test_who_left_is_on_the_bus_no_more(hub: Hub) -> None:
    before = {kind: len(each) for kind, each in hub.bus._subscribers.items()}
    async with await follow(hub) as socket:
        await following(hub)
        await socket.close(code=aiohttp.WSCloseCode.OK)
    async with asyncio.timeout(5):
        while {kind: len(each) for kind, each in hub.bus._subscribers.items() if each} != before:
            await asyncio.sleep(0.01)
    assert hub.bus._subscribers.get(Event) is None or len(hub.bus._subscribers[Event]) == before.get(Event, 0)
