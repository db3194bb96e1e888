"""The resolver hangs: what waits for a name waits alone."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.host import BadHost, needs_compiler
from tests.faults.rig import Rig
from tests.faults.tally import TALLY
from tests.mariadb import MariaDb
from tests.mosquitto import needs_mosquitto

HANGS_S = 12.0

pytestmark = [needs_mosquitto, needs_compiler, pytest.mark.slow]


@pytest.mark.long
async def test_a_resolver_that_hangs_delays_only_what_needs_a_name(tmp_path: Path, own_mariadb: MariaDb) -> None:
    host = BadHost(tmp_path)
    async with Rig(tmp_path, prefix=host.prefix, database=own_mariadb, by_name=True) as rig:
        await rig.work(1)
        host.delay_names(30)
        TALLY.fault("resolver hangs")
        rig.broker_wire.reset_peers()
        rig.database_wire.reset_peers()
        await rig.until_part("mqtt", "down", 10)
        await asyncio.sleep(HANGS_S)
        assert rig.fleet.online == rig.modems
        assert rig.broker_wire.accepted == 1, "no name, no connection"
        host.delay_names(0)
        await rig.until_part("mqtt", "up", 30)
        await rig.until_part("database", "up", 30)

        await rig.check(downs={part: rig.hub.log.count(f"{part} is down") for part in ("mqtt", "database")})
