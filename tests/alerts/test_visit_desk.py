"""Visit requests: numbered, changed while they are open, closed with what was found."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from irzhub.alerts.visit_desk import UnknownVisit, VisitClosed, VisitDesk
from irzhub.storage.local import LocalStore
from irzhub.storage.visit_requests import VisitRow
from tests.alerts.incident_rig import MODEM, NOW, HandClock, later

DRAFT = VisitRow(number=0, incident=17, modem=MODEM, created_at=NOW, created_by="анна", site="КНС-4", cause="нет связи")


@dataclass
class Desk:
    """A desk, and what it told."""

    visits: VisitDesk
    clock: HandClock
    store: LocalStore
    noted: list[VisitRow] = field(default_factory=list)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with LocalStore(tmp_path) as store:
        clock, noted = HandClock(), list[VisitRow]()
        made = Desk(VisitDesk(store, clock, noted.append), clock, store, noted)
        await made.visits.begin()
        yield made


async def test_requests_are_numbered_and_listed_from_new_to_old(desk: Desk) -> None:
    first = await desk.visits.create(DRAFT)
    desk.clock.turn(60)
    second = await desk.visits.create(replace(DRAFT, incident=None))

    assert (first.number, second.number, second.created_at) == (1, 2, later(60))
    assert await desk.visits.find() == [second, first] and await desk.visits.find(incident=17) == [first]
    assert await desk.visits.find(before=2) == [first] and desk.visits.open == 2 and desk.noted == [first, second]


async def test_a_request_is_changed_until_it_is_closed(desk: Desk) -> None:
    row = await desk.visits.create(DRAFT)
    row = await desk.visits.change(row, due_at=later(3600), access="ключ у сторожа")
    assert await desk.visits.get(1) == row

    closed = await desk.visits.close(row, "борис", "выбит автомат")
    assert (closed.closed_at, closed.closed_by, closed.result) == (NOW, "борис", "выбит автомат")
    assert desk.visits.open == 0 and desk.noted[-1] == closed
    with pytest.raises(VisitClosed, match="visit request 1 is closed"):
        await desk.visits.change(closed, task="ещё раз")
    assert await desk.visits.find(is_open=True) == [] and await desk.visits.find(is_open=False) == [closed]


async def test_what_is_open_is_counted_after_a_restart(desk: Desk) -> None:
    await desk.visits.create(DRAFT)
    again = VisitDesk(desk.store, desk.clock, desk.noted.append)
    await again.begin()

    assert again.open == 1
    with pytest.raises(UnknownVisit, match="no visit request 9"):
        await again.get(9)
