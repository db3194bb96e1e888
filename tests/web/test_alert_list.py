"""Pages of alerts over a past that is longer than what is read of it at once."""

from dataclasses import replace
from pathlib import Path

import pytest

from irzhub.storage.incidents import IncidentRow, MemberRow, save_incidents, save_members
from irzhub.storage.local import Connection
from tests.alerts.incident_rig import NOW, later
from tests.web.routes.alert_rig import ALERTS, with_a_door
from tests.web.routes.whole_hub import IMEI, whole_hub

ROW = IncidentRow(
    number=1, kind="rejected", subject="m", severity="warning", opened_at=NOW, last_seen_at=NOW, closed_at=NOW,
    good_since=NOW, is_told=True,
)  # fmt: skip


async def test_a_rare_alert_is_found_behind_many_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irzhub.web.alert_list._BATCH", 10)
    monkeypatch.setattr("irzhub.web.alert_list._MOST_BATCHES", 3)
    rows = [replace(ROW, number=number, revision=number, closed_at=later(number)) for number in range(1, 101)]
    rows[4] = replace(rows[4], kind="hub_part", subject="hub/mqtt", severity="alarm")
    rows[94] = replace(rows[94], kind="hub_part", subject="hub/mqtt", severity="alarm")
    rows[90] = replace(rows[90], is_told=False, muted="maintenance")
    rows[91] = replace(rows[91], parent=90)
    async with whole_hub(tmp_path) as whole:
        await whole.hub.store.write(lambda connection: save_incidents(connection, rows))

        async def walk(question: str) -> list[list[int]]:
            pages, cursor = [], ""
            while True:
                reply = await whole.call("GET", f"{ALERTS}?state=closed&{question}{cursor}")
                page = reply.json()
                pages.append([item["id"] for item in page["items"]])
                if page["next"] is None:
                    return pages
                cursor = f"&cursor={page['next']}"

        # Each page looks through thirty at the most: an empty one says where to go on.
        assert await walk("severity=alarm&limit=5") == [[95], [], [], [5]]
        assert await walk("kind=hub_part") == [[95, 5]], "of one kind the disk itself has only those"
        everything = [number for page in await walk("limit=40") for number in page]
        assert everything == [number for number in range(100, 0, -1) if number not in (91, 92)]
        assert await walk("parent=90&since=2026-11-23T02:15:30Z&limit=40") == [[92]]
        assert [number for page in await walk("muted=true&limit=100") for number in page].count(91) == 1


async def test_a_cause_that_is_over_is_found_by_the_group_of_its_modems(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        cause = replace(ROW, number=90, kind="common_cause", facts={"cause": "operator", "name": "МТС", "members": 1})
        other = replace(cause, number=91)

        def plant(connection: Connection) -> None:
            save_incidents(connection, [cause, other])
            save_members(connection, [MemberRow(90, IMEI, NOW), MemberRow(91, "868441036779999", NOW)])

        await whole.hub.store.write(plant)
        found = (await whole.call("GET", f"{ALERTS}?state=all&group=Север")).json()["items"]

        assert [item["id"] for item in found] == [90, 1]
        of_modem = (await whole.call("GET", f"{ALERTS}?state=closed&modem={IMEI}")).json()["items"]
        assert [item["id"] for item in of_modem] == [90]
