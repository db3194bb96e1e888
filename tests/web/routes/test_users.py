"""Accounts over REST: made, changed, removed; nobody gives more than the own, and somebody always remains."""

from tests.web.conftest import Hub
from tests.web.people import PASSWORD, add_account, add_north, person, signed_in

USERS = "/api/v1/users"


def new_user(name: str = "anna", **values: object) -> dict[str, object]:
    return {"name": name, "password": PASSWORD, "role": "viewer", **values}


async def test_the_life_of_an_account(hub: Hub) -> None:
    await add_north(hub)
    body = new_user(role="operator", rights_added=["traffic.read"], rights_taken=["jobs.manage"], organisation="north")
    made = await hub.call("POST", USERS, json=body)
    assert made.status == 201, made.text
    assert made.headers["Location"] == "/api/v1/users/anna"
    assert "traffic.read" in made.json()["rights"]
    assert "jobs.manage" not in made.json()["rights"]
    assert "password" not in made.json()
    assert (await hub.call("POST", USERS, json=body)).json()["code"] == "exists"

    tag = made.headers["ETag"]
    changed = await hub.call(
        "PATCH", f"{USERS}/anna", json={"role": "viewer", "organisation": None}, headers={"If-Match": tag}
    )
    late = await hub.call("PATCH", f"{USERS}/anna", json={"role": "admin"}, headers={"If-Match": tag})
    assert (changed.json()["role"], changed.json()["organisation"]) == ("viewer", None)
    assert late.status == 412
    assert [user["name"] for user in (await hub.get(USERS)).json()["items"]] == ["anna"]

    async with person(hub) as anna:
        assert (await anna.sign_in("anna")).status == 200
        assert (await hub.call("PUT", f"{USERS}/anna/password", json={"password": "another long secret"})).status == 204
        assert (await anna.get("/api/v1/session")).status == 401
        assert (await anna.sign_in("anna", "another long secret")).status == 200
        assert (await hub.call("DELETE", f"{USERS}/anna")).status == 204
        assert (await anna.get("/api/v1/session")).status == 401
    assert (await hub.get(f"{USERS}/anna")).status == 404


async def test_a_change_of_role_counts_with_the_next_request(hub: Hub) -> None:
    async with signed_in(hub, "anna", "viewer") as anna:
        assert (await anna.get(USERS)).status == 403
        await hub.call("PATCH", f"{USERS}/anna", json={"role": "auditor"})
        assert (await anna.get(USERS)).status == 200


async def test_nobody_gives_or_manages_more_than_the_own(hub: Hub) -> None:
    await add_north(hub)
    await add_account(hub, "chief", "admin")
    await add_account(hub, "southerner", organisation="south")
    north = {"rights_added": ("users.read", "users.edit"), "organisation": "north"}
    async with signed_in(hub, "boss", "viewer", **north) as boss:
        more = await boss.call("POST", USERS, new_user(role="admin", organisation="north"))
        wider = await boss.call("POST", USERS, new_user())
        good = await boss.call("POST", USERS, new_user(organisation="north"))
        raised = await boss.call("PATCH", f"{USERS}/anna", {"role": "engineer"})
        own = await boss.call("PATCH", f"{USERS}/boss", {"rights_added": ["users.edit", "users.read", "traffic.read"]})
        others = [await boss.call("PATCH", f"{USERS}/{name}", {"disabled": True}) for name in ("chief", "southerner")]
        seen = [user["name"] for user in (await boss.get(USERS)).json()["items"]]

    assert (more.json()["code"], wider.json()["code"], good.status) == ("beyond_own_rights", "beyond_own_scope", 201)
    assert (raised.json()["code"], own.json()["code"]) == ("beyond_own_rights", "beyond_own_rights")
    assert [reply.status for reply in others] == [404, 404]
    assert seen == ["anna", "boss"]


async def test_the_last_administrator_stays(hub: Hub) -> None:
    await add_account(hub, "chief", "admin")
    for change in ({"role": "viewer"}, {"disabled": True}, {"rights_taken": ["users.edit"]}, {"groups": ["a"]}):
        reply = await hub.call("PATCH", f"{USERS}/chief", json=change)
        assert (reply.status, reply.json()["code"]) == (409, "last_administrator"), change
    assert (await hub.call("DELETE", f"{USERS}/chief")).json()["code"] == "last_administrator"

    await add_account(hub, "second", "admin")

    assert (await hub.call("DELETE", f"{USERS}/chief")).status == 204


async def test_what_will_not_do_is_named(hub: Hub) -> None:
    weak = await hub.call("POST", USERS, json=new_user(password="123456789012"))
    unknown = await hub.call("POST", USERS, json=new_user(organisation="nowhere"))
    right = await hub.call("POST", USERS, json=new_user(rights_added=["everything"]))

    assert (weak.status, weak.json()["errors"][0]["field"]) == (422, "password")
    assert "123456789012" not in weak.text
    assert unknown.json()["code"] == "unknown_organisation"
    assert right.json()["errors"][0]["field"] == "rights_added.0"
