"""Browsers that are signed in, listed and ended."""

from tests.web.conftest import Hub
from tests.web.people import person, signed_in

SIGN_INS = "/api/v1/sign_ins"


async def test_one_s_own_are_seen_and_ended_and_those_of_others_by_who_manages_users(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna, signed_in(hub, "boris") as boris, person(hub) as elsewhere:
        await elsewhere.sign_in("anna")
        own = (await anna.get(SIGN_INS)).json()["items"]
        assert [(each["user"], each["source"]) for each in own] == [("anna", "127.0.0.1")] * 2
        other = next(each["id"] for each in own if not each["current"])

        assert (await boris.call("DELETE", f"{SIGN_INS}/{other}")).status == 404
        assert (await anna.call("DELETE", f"{SIGN_INS}/{other}")).status == 204
        assert (await elsewhere.get("/api/v1/session")).status == 401

        of_boris = (await hub.get(f"{SIGN_INS}?user=boris")).json()["items"][0]["id"]
        assert (await hub.call("DELETE", f"{SIGN_INS}/{of_boris}")).status == 204
        assert (await boris.get("/api/v1/session")).status == 401
