"""One's own views: kept for the person in their order, for nobody else, and not for programs."""

from tests.web.conftest import Hub
from tests.web.people import signed_in

VIEWS = "/api/v1/saved_views"
NIGHT = {"name": "Ночная смена", "page": "fleet", "query": "state=off"}
WEAK = {"name": "Слабый сигнал", "page": "fleet", "query": "f=signal.le.-95&sort=signal"}


async def test_they_are_kept_for_the_person_who_saved_them(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna, signed_in(hub, "boris") as boris:
        assert (await anna.get(VIEWS)).json() == {"items": []}
        assert (await anna.call("PUT", VIEWS, {"items": [WEAK, NIGHT]})).json() == {"items": [WEAK, NIGHT]}

        assert (await anna.get(VIEWS)).json() == {"items": [WEAK, NIGHT]}
        assert (await boris.get(VIEWS)).json() == {"items": []}


async def test_a_name_is_given_once_on_a_page(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna:
        reply = await anna.call("PUT", VIEWS, {"items": [NIGHT, {**WEAK, "name": NIGHT["name"]}]})
        assert (reply.status, reply.json()["code"]) == (422, "invalid_value")

        other_page = {**WEAK, "name": NIGHT["name"], "page": "alerts"}
        assert (await anna.call("PUT", VIEWS, {"items": [NIGHT, other_page]})).status == 200


async def test_programs_have_none(hub: Hub) -> None:
    assert (await hub.get(VIEWS)).status == 403
