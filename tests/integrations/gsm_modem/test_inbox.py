"""What comes in becomes an event with its row, and finds the modem whose SIM card it came from."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from integrations.gsm_modem.inbox import Inbox
from integrations.gsm_modem.pdu import Deliver, PartOf
from irzhub.api import IntegrationHub
from irzhub.core.events import CallReceived, Event, SmsReceived
from irzhub.core.state import ModemState
from tests.test_loader import hub_with

IMEI = "868441036775234"


@pytest.mark.parametrize(
    ("number", "modem"),
    [("+79211234567", IMEI), ("89211234567", IMEI), ("+79219999999", None), ("MTS", None), ("", None), ("4567", None)],
)
async def test_whose_number_it_is(tmp_path: Path, number: str, modem: str | None) -> None:
    async with hub_with(tmp_path) as (_, ground):
        state = ModemState(
            modem=IMEI,
            imei=IMEI,
            port=20000,
            registered_at=datetime(2026, 11, 21, tzinfo=UTC),
            phone_sim2="+79211234567",
        )
        ground.states.add(state)
        events: list[Event] = []
        ground.bus.subscribe(Event, events.append)
        inbox = Inbox(IntegrationHub("gsm_modem", ground))
        await inbox.take("main", Deliver(number, "дверь\0", None))
        inbox.called("main", number)
        await ground.journal.flush()

    assert [(type(each), each.modem) for each in events] == [(SmsReceived, modem), (CallReceived, modem)]
    assert [each.text for each in events if isinstance(each, SmsReceived)] == ["дверь "]


async def test_a_forged_name_is_only_a_name(tmp_path: Path) -> None:
    async with hub_with(tmp_path) as (_, ground):
        events: list[SmsReceived] = []
        ground.bus.subscribe(SmsReceived, events.append)
        inbox = Inbox(IntegrationHub("gsm_modem", ground))
        await inbox.take("main", Deliver("x\r\nRING\x1a" * 30, "OK 17", None))

    assert len(events[0].number) == 40
    assert not set("\r\x1a") & set(events[0].number)


async def test_parts_that_wait_too_long_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with hub_with(tmp_path) as (_, ground):
        events: list[SmsReceived] = []
        ground.bus.subscribe(SmsReceived, events.append)
        inbox = Inbox(IntegrationHub("gsm_modem", ground))
        await inbox.take("main", Deliver("+7921", "one", None, PartOf(1, 2, 1)))
        assert events == []
        monkeypatch.setattr("integrations.gsm_modem.reassembly._PATIENCE_S", 0.0)
        inbox.give_up_late()
        await ground.journal.flush()

    assert [each.text for each in events] == ["one[…]"]
