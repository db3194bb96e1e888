"""The first administrator: by the link, once, and only while there is nobody."""

from urllib.parse import parse_qs, urlsplit

from tests.web.conftest import Hub
from tests.web.people import PASSWORD, add_account, person

SETUP = "/api/v1/setup"


async def secret_of(hub: Hub) -> str:
    link = await hub.server.setup_url()
    assert link is not None
    return parse_qs(urlsplit(link).query)["secret"][0]


async def test_the_link_makes_one_administrator_and_is_over(hub: Hub) -> None:
    body = {"secret": await secret_of(hub), "name": "anna", "password": PASSWORD}
    async with person(hub) as anna:
        wrong = await anna.call("POST", SETUP, {**body, "secret": "guess"})
        weak = await anna.call("POST", SETUP, {**body, "password": "123456789012"})
        made = await anna.call("POST", SETUP, body)
        again = await anna.call("POST", SETUP, {**body, "name": "boris"})

        assert (wrong.status, wrong.json()["code"]) == (403, "link_over")
        assert weak.status == 422
        assert (made.status, made.json()["role"]) == (200, "admin")
        assert (await anna.get("/api/v1/users")).status == 200, "and she is signed in"
        assert again.json()["code"] == "link_over"
    assert await hub.server.setup_url() is None


async def test_the_form_does_the_same_without_a_script(hub: Hub) -> None:
    secret = await secret_of(hub)
    async with person(hub) as anna:
        page = await anna.get(f"/setup?secret={secret}&lang=en")
        assert (page.status, "The first administrator" in page.text) == (200, True)
        url = hub.url("/setup")
        form = {"secret": secret, "name": "anna", "password": PASSWORD, "again": "x"}
        async with anna.http.post(url, data=form) as reply:
            assert (reply.status, "Пароли не совпадают" in await reply.text()) == (422, True)
        async with anna.http.post(url, data={**form, "again": PASSWORD}, allow_redirects=False) as reply:
            assert (reply.status, reply.headers["Location"]) == (303, "/")
        assert (await anna.get("/api/v1/users")).status == 200
        over = await anna.get(f"/setup?secret={secret}")
        assert (over.status, "irzhub user add" in over.text) == (410, True)


async def test_an_account_made_meanwhile_closes_the_link(hub: Hub) -> None:
    body = {"secret": await secret_of(hub), "name": "anna", "password": PASSWORD}
    await add_account(hub, "chief", "admin")

    reply = await hub.call("POST", SETUP, None, json=body)

    assert (reply.status, reply.json()["code"]) == (409, "set_up_already")
