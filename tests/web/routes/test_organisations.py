"""Organisations over REST."""

from tests.web.conftest import Hub
from tests.web.people import add_account, add_north, signed_in

PATH = "/api/v1/organisations"


async def test_the_life_of_an_organisation(hub: Hub) -> None:
    made = await hub.call("POST", PATH, json={"id": "north", "name": "Север-Энерго"})
    assert (made.status, made.json()["modems"], made.json()["users"]) == (201, 0, 0)
    assert (await hub.call("POST", PATH, json={"id": "north", "name": "x"})).json()["code"] == "exists"
    tag = made.headers["ETag"]
    assert (await hub.call("PATCH", f"{PATH}/north", json={"name": "Север"}, headers={"If-Match": tag})).status == 200
    assert (await hub.call("PATCH", f"{PATH}/north", json={"name": "x"}, headers={"If-Match": tag})).status == 412

    await add_account(hub, "anna", organisation="north")
    used = await hub.call("DELETE", f"{PATH}/north")
    assert (used.status, used.json()["detail"]) == (409, "0 modems and 1 users belong to it: move them first")
    await hub.call("DELETE", "/api/v1/users/anna")
    assert (await hub.call("DELETE", f"{PATH}/north")).status == 204
    assert (await hub.get(f"{PATH}/north")).status == 404


async def test_who_belongs_to_one_sees_that_one_and_manages_none(hub: Hub) -> None:
    await add_north(hub)
    await add_north(hub, "south")
    rights = ("organisations.edit",)
    async with signed_in(hub, "anna", organisation="north", rights_added=rights) as anna:
        seen = (await anna.get(PATH)).json()["items"]
        made = await anna.call("POST", PATH, {"id": "west", "name": "x"})

    assert [each["id"] for each in seen] == ["north"]
    assert made.status == 403
