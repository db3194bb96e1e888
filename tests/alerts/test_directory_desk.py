"""The directory with its disk: what people change is there after a restart; what settings say is only read."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from irzhub.alerts.directory import Directory
from irzhub.alerts.directory_desk import OF_SETTINGS, DirectoryDesk, EntryRefused
from irzhub.config.settings import Contact
from irzhub.storage.local import Job, LocalStore
from tests.alerts.outbox_rig import HandClock

SMS = {"addresses": [{"channel": "sms", "address": "+79211234567"}]}


async def test_what_people_change_is_kept_and_named_once(tmp_path: Path) -> None:
    settings = {"duty": (Contact(kind="sms", address="+79110000000"),)}
    changes = []
    async with LocalStore(tmp_path) as store:
        desk = DirectoryDesk(Directory(), store, HandClock(), settings, lambda: changes.append("changed"))
        await desk.load()
        await desk.put("contact", "anna", SMS, "", "admin")
        await desk.put("team", "все", {"members": ["anna"]}, "north", "admin")

        for kind, name, entry, why in (
            ("contact", "duty", SMS, "stands in irzhub.yaml"),
            ("team", "anna", {"members": ["все"]}, "name of a contact already"),
            ("ladder", "тревога", {"steps": []}, "cannot be read"),
        ):
            with pytest.raises(EntryRefused, match=why):
                await desk.put(kind, name, entry, "", "admin")  # type: ignore[arg-type]
        with pytest.raises(EntryRefused, match="anna is named by team все"):
            await desk.delete("contact", "anna")
        with pytest.raises(EntryRefused, match=r"irzhub\.yaml"):
            await desk.delete("contact", "duty")

        again = DirectoryDesk(Directory(), store, HandClock(), settings, lambda: None)
        await again.load()
        assert [(row.name, row.changed_by) for row in again.find("contact")] == [
            ("anna", "admin"),
            ("duty", OF_SETTINGS),
        ]
        team = again.get("team", "все")
        assert team is not None
        assert (team.entry, team.organisation) == ({"members": ["anna"]}, "north")

        await desk.delete("team", "все")
        await desk.delete("contact", "anna")
        last = DirectoryDesk(Directory(), store, HandClock(), {}, lambda: None)
        await last.load()
        assert last.find("contact") == last.find("team") == []
    assert changes == ["changed"] * 4


async def test_what_is_saved_while_the_settings_are_read_again_is_not_forgotten(tmp_path: Path) -> None:
    async with LocalStore(tmp_path) as store:
        desk = DirectoryDesk(Directory(), store, HandClock(), {}, lambda: None)
        await desk.load()
        read = store.read

        async def slow(job: Job[Any]) -> Any:
            rows = await read(job)
            await asyncio.sleep(0.05)
            return rows

        store.read = slow  # type: ignore[method-assign]
        await asyncio.gather(
            desk.reload({"duty": (Contact(kind="sms", address="+79110000000"),)}),
            desk.put("contact", "anna", SMS, "", "admin"),
        )

        assert [row.name for row in desk.find("contact")] == ["anna", "duty"]
