"""The first steps: where modems dial in, and a practice fleet that comes, is named, and goes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.routes.whole_hub import WholeHub, whole_hub

STEPS = "/api/v1/first_steps"
PRACTICE = "/api/v1/practice_fleet"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        yield made


async def test_a_practice_fleet_comes_with_names_and_leaves_nothing(hub: WholeHub) -> None:
    port = hub.hub.fleet.modem_port
    empty = {"possible": True, "running": False, "modems": 0}
    assert (await hub.call("GET", STEPS)).json() == {
        "modems": {"host": "127.0.0.1", "port": port, "local": True},
        "practice": empty,
    }

    begun = await hub.call("POST", PRACTICE, {"modems": 3})
    assert (begun.status, begun.json()["running"]) == (202, True)
    again = await hub.call("POST", PRACTICE, {"modems": 3})
    assert (again.status, again.json()["code"]) == (409, "practice_runs")
    states = hub.hub.states
    await hub.until(lambda: sum(state.link == "online" and state.name != "" for state in states) == 3, 30)
    one = next(iter(states))
    assert one.name.startswith("ТП-")
    assert one.group
    places = list(hub.hub.fleet.belongings.sites())
    assert {place.id for place in places} == {each.site for each in hub.hub.fleet.registry}
    assert len(places) == 3

    assert (await hub.call("DELETE", PRACTICE)).status == 204
    assert list(states) == []
    assert list(hub.hub.fleet.belongings.sites()) == []
    assert (await hub.call("GET", STEPS)).json()["practice"] == empty


async def test_it_is_not_mixed_with_modems_of_one_s_own(hub: WholeHub) -> None:
    await hub.dials()

    refused = await hub.call("POST", PRACTICE, {"modems": 3})

    assert (refused.status, refused.json()["code"]) == (409, "modems_here")
    assert not (await hub.call("GET", STEPS)).json()["practice"]["possible"]
