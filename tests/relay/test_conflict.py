"""Who wins when two connections say to be one modem, and when that is called a conflict (F12 a-e)."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from irzhub.relay.conflict import PERIOD_S, SwapHistory
from irzhub.relay.messages import ClientOpened, ConflictSeen, DialInRejected, SessionClosed, SessionOpened
from irzhub.relay.orders import PutModem
from tests.relay.modem_rig import IMEI, SILENT, Hub, hello, modem_settings, relay_settings, until


@pytest.fixture(params=[False, True], ids=["plain", "coded"])
async def hub(request: pytest.FixtureRequest) -> AsyncIterator[Hub]:
    async with Hub(relay_settings(), coded=request.param) as hub:
        hub.send(PutModem(settings=modem_settings(ask=SILENT, password="plain:5492")))
        yield hub


async def leaving(hub: Hub) -> None:
    """Wait until no displaced socket is watched any more."""
    await until(lambda: not hub.relay._shared.leaving)


async def test_a_the_newest_with_the_right_password_wins_at_once(hub: Hub) -> None:
    first = await hub.dials(source="127.0.0.2")
    began = asyncio.get_running_loop().time()
    await hub.dials(source="127.0.0.3")
    assert asyncio.get_running_loop().time() - began < 0.5
    assert await first.is_closed(), "the displaced one hears that its time is over"
    assert [closed.reason for closed in hub.all(SessionClosed)] == ["replaced"]


async def test_b_a_wrong_password_never_displaces_however_often(hub: Hub) -> None:
    modem = await hub.dials()
    for _ in range(8):
        false = await hub.connects("127.0.0.2")
        await false.says(hello(password="1111"))
        assert await false.is_closed()
    assert not hub.all(SessionClosed)
    assert {rejected.modem for rejected in hub.all(DialInRejected)} == {IMEI}
    program = await hub.polls()
    await program.says(b"here")
    assert await modem.reads(4) == b"here"


async def test_c_two_living_modems_that_displace_each_other_are_a_conflict_at_the_third_swap(hub: Hub) -> None:
    previous = await hub.dials(source="127.0.0.2")
    for turn in (1, 2, 3):
        modem = await hub.dials(source=f"127.0.0.{2 + turn % 2}")
        # The displaced one lives: it hears our FIN and hangs up, or goes on talking for a while.
        if turn % 2:
            previous.close()
        else:
            await previous.says(b"what?")
        await leaving(hub)
        assert len(hub.all(ConflictSeen)) == (1 if turn == 3 else 0)
        previous = modem
    conflict = hub.all(ConflictSeen)[0]
    assert conflict.modem == IMEI
    assert {peer.partition(":")[0] for peer in conflict.peers} == {"127.0.0.2", "127.0.0.3"}
    assert len(hub.all(SessionOpened)) == 4, "and nobody is shut out for it"


async def test_d_a_second_one_amid_a_poll_gets_the_line_and_not_the_others_answer(hub: Hub) -> None:
    first = await hub.dials(source="127.0.0.2")
    program = await hub.polls()
    await hub.hears(ClientOpened)
    await program.says(b"question")
    assert await first.reads(8) == b"question"
    second = await hub.dials(source="127.0.0.3")
    await first.says(b"answer of the displaced one")
    assert await program.is_closed()
    again = await hub.polls()
    await again.says(b"again")
    assert await second.reads(5) == b"again"
    await second.says(b"yes")
    assert await again.reads(3) == b"yes"


async def test_e_half_open_redials_raise_nothing(hub: Hub) -> None:
    ends = []
    for number in range(4):
        end = await hub.dials()
        ends.append(end)  # never closed: nothing comes from its end, as from a modem that lost its radio link
        assert (await hub.hears(SessionOpened, number + 1)).generation == number + 1
    assert len(hub.all(SessionClosed)) == 3
    await asyncio.sleep(0.3)
    assert not hub.all(ConflictSeen)


async def test_redials_of_a_modem_whose_old_socket_is_reset_raise_nothing(hub: Hub) -> None:
    previous = await hub.dials()
    for _ in range(4):
        newer = await hub.dials()
        previous.reset()
        await leaving(hub)
        previous = newer
    assert not hub.all(ConflictSeen)


@pytest.mark.parametrize(("how", "reason"), [("close", "closed"), ("reset", "reset")])
async def test_an_end_that_has_arrived_but_was_not_read_yet_is_no_swap(hub: Hub, how: str, reason: str) -> None:
    modem = await hub.dials()
    session = hub.relay._modems[IMEI].session
    assert session is not None
    getattr(modem, how)()  # the loop has not turned since: only the kernel knows
    session.displace(session)
    closed = hub.all(SessionClosed)[0]
    assert (closed.reason, closed.detail) == (reason, "the modem hung up before it dialled in again")
    await until(lambda: not hub.relay._shared.transports)


async def test_hanging_up_and_dialling_again_in_one_breath_is_no_swap(hub: Hub) -> None:
    previous = await hub.dials()
    for _ in range(5):
        newer = await hub.connects()
        await newer.says(hello())
        previous.close()
        await newer.is_answered()
        previous = newer
    await leaving(hub)
    reasons = {closed.reason for closed in hub.all(SessionClosed)}
    assert reasons <= {"closed", "replaced"}


def test_swaps_count_for_ten_minutes_and_a_conflict_is_told_once_in_that_time() -> None:
    swaps = SwapHistory()
    assert swaps.note(0.0, "a:1", "b:2") is None
    assert swaps.note(1.0, "b:2", "a:3") is None
    assert swaps.note(PERIOD_S + 0.5, "a:3", "b:4") is None, "the first is too long ago"
    assert swaps.note(PERIOD_S + 0.6, "b:4", "a:5") == ["b:2", "a:3", "b:4", "a:5"]
    assert swaps.note(PERIOD_S + 0.7, "a:5", "b:6") is None
    assert swaps.note(2 * PERIOD_S + 0.6, "b:6", "a:7") is None
    assert swaps.note(2 * PERIOD_S + 0.65, "a:7", "b:8") is not None
    assert swaps.note(2 * PERIOD_S + 0.7, "b:8", "a:9") is None
