"""`/api/v1/sites`: the life of a site, and whose it is."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from irzhub.storage.accounts import add_token
from irzhub.web.models_fleet import Site
from tests.web.conftest import token_row
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

SITES = "/api/v1/sites"
BOILER_HOUSE = {
    "name": "Котельная № 7",
    "address": "Садовая, 31",
    "latitude": 59.94,
    "longitude": 30.31,
    "phones": ["+79210000000"],
    "access_notes": "ключ у диспетчера",
    "time_zone": "Europe/Moscow",
}


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        yield made


async def test_a_site_is_made_read_changed_and_removed(hub: WholeHub) -> None:
    made = await hub.call("POST", SITES, BOILER_HOUSE)
    assert made.status == 201, made.body
    site = made.json()
    assert Site.model_validate(site).model_dump() == site
    assert {name: site[name] for name in BOILER_HOUSE} == BOILER_HOUSE
    path = made.headers["Location"]
    assert path == f"{SITES}/{site['id']}"

    tag = {"If-Match": made.headers["ETag"]}
    changed = await hub.call("PATCH", path, {"latitude": None, "phones": None, "contact": "Иванов"}, headers=tag)
    assert changed.status == 200, changed.body
    assert [changed.json()[name] for name in ("latitude", "phones", "contact", "longitude")] == [
        None,
        [],
        "Иванов",
        30.31,
    ]
    assert (await hub.call("PATCH", path, {"name": "x"}, headers=tag)).status == 412

    assert (await hub.call("DELETE", path)).status == 204
    gone = await hub.call("GET", path)
    assert (gone.status, gone.json()["code"]) == (404, "unknown_site")


async def test_a_site_where_modems_stand_is_kept(hub: WholeHub) -> None:
    await hub.dials()
    path = (await hub.call("POST", SITES, {"name": "Школа"})).headers["Location"]
    await hub.call("PATCH", f"/api/v1/modems/{IMEI}", {"site": path.rpartition("/")[2]})

    assert (await hub.call("GET", path, token="viewer")).json()["modems"] == 1
    used = await hub.call("DELETE", path)

    assert (used.status, used.json()["code"]) == (409, "in_use")
    await hub.call("PATCH", f"/api/v1/modems/{IMEI}", {"site": None})
    assert (await hub.call("DELETE", path)).status == 204


async def test_the_list_is_filtered_by_all_texts(hub: WholeHub) -> None:
    await hub.call("POST", SITES, BOILER_HOUSE)
    await hub.call("POST", SITES, {"name": "Школа", "access_notes": "звонить с утра"})

    async def found(words: str) -> list[str]:
        page = (await hub.call("GET", SITES, params={"filter": words})).json()
        return [each["name"] for each in page["items"]]

    assert await found("садовая") == ["Котельная № 7"]
    assert await found("утра") == ["Школа"]
    assert (await hub.call("GET", SITES)).json()["total"] == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time_zone": "Europe/Nowhere"}, "time_zone"),
        ({"latitude": 91}, "latitude"),
        ({"organisation": "nowhere"}, "organisation"),
        ({"name": None}, "name"),
    ],
)
async def test_a_wrong_change_names_its_field_and_changes_nothing(
    hub: WholeHub, change: dict[str, object], field: str
) -> None:
    made = await hub.call("POST", SITES, BOILER_HOUSE)

    reply = await hub.call("PATCH", made.headers["Location"], change)

    assert reply.status == 422, reply.body
    assert reply.json()["errors"][0]["field"] == field
    assert (await hub.call("GET", made.headers["Location"])).json() == made.json()


async def test_an_organisation_has_its_own_sites_and_none_of_others(hub: WholeHub) -> None:
    for id_ in ("north", "south"):
        await hub.call("POST", "/api/v1/organisations", {"id": id_, "name": id_})
        token = token_row(id_, f"token-of-{id_}", "admin", organisations=(id_,))
        await hub.hub.store.write(partial(add_token, row=token))
    path = (await hub.call("POST", SITES, {"name": "Север", "organisation": "north"})).headers["Location"]

    assert (await hub.call("GET", path, token="token-of-north")).status == 200
    assert (await hub.call("GET", path, token="token-of-south")).status == 404
    assert (await hub.call("GET", SITES, token="token-of-south")).json()["items"] == []
    given_away = await hub.call("PATCH", path, {"organisation": "south"}, token="token-of-north")
    assert given_away.status == 422
    of_nobody = await hub.call("POST", SITES, {"name": "ничья"}, token="token-of-north")
    assert (of_nobody.status, of_nobody.json()["code"]) == (403, "beyond_own_scope")
    assert (await hub.call("POST", SITES, {"name": "x"}, token="viewer")).status == 403
