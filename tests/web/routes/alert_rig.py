"""A whole hub with something wrong in it, for the routes about alerts."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from irzhub.core.events import GpiChanged, Level
from irzhub.storage.incidents import IncidentRow
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

MEMBERS: Final = [f"86844103677{index:04d}" for index in range(4)]
ALERTS: Final = "/api/v1/alerts"


@asynccontextmanager
async def with_a_door(folder: Path, **overrides: object) -> AsyncIterator[WholeHub]:
    """A hub with one modem, ТП-1187 in Север/Заречье, whose door is open: alert 1."""
    async with whole_hub(folder, **overrides) as whole:
        made = await whole.call("POST", "/api/v1/modems", {"imei": IMEI, "name": "ТП-1187", "group": "Север/Заречье"})
        assert made.status == 201, made.body
        edited = await whole.call("PATCH", f"/api/v1/modems/{IMEI}", {"inputs": {"1": {"normal": "OFF"}}})
        assert edited.status == 200, edited.body
        await opens(whole)
        yield whole


async def opens(whole: WholeHub, level: Level = "ON", modem: str = IMEI, name: str = "дверь шкафа") -> None:
    """The door opens, and the alert is told."""
    previous: Level = "OFF" if level == "ON" else "ON"
    event = GpiChanged(
        ts=whole.hub.clock.now(), modem=modem, pin=1, level=level, previous=previous, source="report", name=name,
        alarm=level == "ON",
    )  # fmt: skip
    incidents = whole.hub.alerts.incidents
    before = incidents.book.last_number
    whole.hub.journal.append(event)
    await whole.until(lambda: level == "OFF" or incidents.book.last_number > before)
    await whole.hub.journal.flush()


async def lost_together(whole: WholeHub, modems: Sequence[str] = MEMBERS, *, own: Sequence[str] = ()) -> IncidentRow:
    """Modems of one cell are lost together, ten seconds apart; `own` belong to the organisation `north`."""
    incidents, began = whole.hub.alerts.incidents, whole.hub.clock.now() - timedelta(minutes=5)
    for modem in modems:
        body: dict[str, Any] = {
            "imei": modem,
            "name": f"М-{modem[-2:]}",
            "organisation": "north" if modem in own else "",
        }
        if modem not in whole.hub.states:
            made = await whole.call("POST", "/api/v1/modems", {name: value for name, value in body.items() if value})
            assert made.status == 201, made.body
    facts = {
        "cause": "cell",
        "name": "250-01-7712-3860",
        "members": len(modems),
        "away": len(modems),
        "evidence": [{"about": "cause", "lost": len(modems), "of": len(modems)}],
        "uplink": True,
    }
    row = incidents.book.bad("common_cause", "cause/cell/250-01-7712-3860", began, facts=facts)
    incidents.outages.groups.begin(row.number, ("cell", "250-01-7712-3860"))
    for index, modem in enumerate(modems):
        lost_at = began + timedelta(seconds=10 * index)
        incidents.outages.groups.lost(row.number, modem, lost_at, "нет keepalive 127 с")
    incidents.book.note_members(incidents.outages.groups.take_changed())
    incidents.commit()
    await whole.hub.journal.flush()
    return row
