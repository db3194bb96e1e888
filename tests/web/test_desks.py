"""What stands behind the routes."""

from irzhub.web.context import CONTEXT
from tests.web.conftest import Hub


async def test_routes_reach_the_desks_that_the_server_was_given(hub: Hub) -> None:
    assert hub.app[CONTEXT].desks is hub.desks
    assert hub.desks.meters.meters() == []
