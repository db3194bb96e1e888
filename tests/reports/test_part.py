"""Reports as a part of the hub."""

import asyncio
import dataclasses
from pathlib import Path

from irzhub.config.settings import HubSettings, Settings
from irzhub.core.services import Services, delivery_on
from irzhub.reports.part import Reports
from irzhub.storage.local import LocalStore
from irzhub.storage.report_mails import save_schedule
from tests.reports.fleet import past, utc
from tests.reports.test_mailing import MORNING, Post


async def test_what_became_due_while_the_hub_was_away_leaves_at_the_start(tmp_path: Path) -> None:
    settings = Settings(config_dir=tmp_path, hub=HubSettings(data_dir=tmp_path))
    async with past(tmp_path) as made, LocalStore(tmp_path) as store:
        services, post = Services(), Post()
        services.register(delivery_on("email"), post.deliver)
        await store.write(lambda conn: save_schedule(conn, MORNING))
        part = Reports(settings, store, made.history, made.ground.states, made.facts, services, made.clock)
        async with part, asyncio.timeout(10):
            while len(post.taken) < 2:
                await asyncio.sleep(0.01)
            again = dataclasses.replace(MORNING, id="01Q", next_at=utc("22 05:00"))
            await store.write(lambda conn: save_schedule(conn, again))
            part.mailing.poke()
            while len(post.taken) < 4:
                await asyncio.sleep(0.01)
