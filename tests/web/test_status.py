"""The picture behind the status page."""

from irzhub.core.health import PartHealth
from irzhub.web.context import CONTEXT
from irzhub.web.status import picture_of
from tests.web.conftest import Hub


async def test_parts_stand_in_one_order_whoever_came_first(hub: Hub) -> None:
    for part in ("zigzag", "database", "broker", "mqtt"):
        hub.health.set(part, "up")

    picture = picture_of(hub.app[CONTEXT], shows_causes=True)

    names = [part.part for part in picture.parts]
    assert names == ["relay", "journal", "local_store", "mqtt", "broker", "database", "web", "zigzag"]


async def test_without_causes_a_part_is_its_state(hub: Hub) -> None:
    hub.health.set("mqtt", "down", "no route to 10.0.0.9")

    picture = picture_of(hub.app[CONTEXT], shows_causes=False)

    assert PartHealth("mqtt", "down") in picture.parts
    assert (picture.word, picture.is_exposed, picture.total) == ("degraded", False, 0)
    assert picture.database == "sqlite"
