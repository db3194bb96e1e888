"""The second factor: set up, asked for, never taken twice, lost and removed."""

import time

import pytest

from irzhub.config.settings import SignIn, WebSettings
from tests.web.conftest import Hub
from tests.web.people import PASSWORD, Person, add_account, code_now, person, signed_in

TOTP = "/api/v1/session/totp"


async def set_up(someone: Person) -> tuple[str, list[str]]:
    """Set up the second factor; return the secret and the recovery codes."""
    secret = (await someone.call("POST", TOTP, {"password": PASSWORD})).json()["secret"]
    reply = await someone.call("POST", f"{TOTP}/confirm", {"code": code_now(secret, time.time())})
    assert reply.status == 200, reply.text
    return secret, reply.json()["recovery_codes"]


async def test_the_whole_way(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna:
        begun = (await anna.call("POST", TOTP, {"password": PASSWORD})).json()
        assert begun["uri"].startswith("otpauth://totp/irzhub%20main%3Aanna?secret=")
        wrong = await anna.call("POST", f"{TOTP}/confirm", {"code": "000000x"})
        assert (wrong.status, wrong.json()["code"]) == (422, "wrong_code")

        secret, codes = await set_up(anna)
        assert len(set(codes)) == 10

        async with person(hub) as later:
            without = await later.sign_in("anna")
            used = await later.sign_in("anna", code=code_now(secret, time.time()))
            fresh = await later.sign_in("anna", code=code_now(secret, time.time(), steps=1))
            again = await later.sign_in("anna", code=code_now(secret, time.time(), steps=1))

    assert (without.status, without.json()["code"]) == (401, "code_required")
    assert (used.status, used.json()["code"]) == (401, "wrong_code"), "the code that confirmed it is used up"
    assert fresh.status == 200
    assert (again.status, again.json()["code"]) == (401, "wrong_code"), "a code opens once"


async def test_a_recovery_code_opens_once(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna:
        _, codes = await set_up(anna)
        first = await anna.sign_in("anna", code=codes[0].upper().replace("-", " "))
        second = await anna.sign_in("anna", code=codes[0])
        left = (await anna.get("/api/v1/session")).json()["second_factor"]["recovery_codes_left"]

    assert (first.status, second.status, left) == (200, 401, 9)


async def test_it_is_removed_with_password_and_code(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna:
        assert (await anna.call("POST", f"{TOTP}/remove", {"password": PASSWORD, "code": "1"})).status == 409
        _, codes = await set_up(anna)
        assert (await anna.call("POST", TOTP, {"password": PASSWORD})).json()["code"] == "already_set_up"
        wrong = await anna.call("POST", f"{TOTP}/remove", {"password": PASSWORD, "code": "000000x"})
        good = await anna.call("POST", f"{TOTP}/remove", {"password": PASSWORD, "code": codes[1]})
        again = await anna.sign_in("anna")

    assert (wrong.status, good.status, again.status) == (422, 204, 200)


async def test_an_administrator_helps_who_lost_it(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna:
        await set_up(anna)
        assert (await hub.get("/api/v1/users/anna")).json()["second_factor"] is True
        assert (await hub.call("DELETE", "/api/v1/users/anna/totp")).status == 204
        assert (await anna.sign_in("anna")).status == 200


@pytest.fixture
def web_settings() -> WebSettings:
    return WebSettings(port=0, sign_in=SignIn(second_factor="admins"))


async def test_an_administrator_without_one_can_do_nothing_else_where_it_is_due(hub: Hub) -> None:
    await add_account(hub, "chief", "admin")
    async with person(hub) as chief:
        who = (await chief.sign_in("chief")).json()
        refused = await chief.get("/api/v1/users")
        assert who["second_factor"]["required"] is True
        assert (refused.status, refused.json()["code"]) == (403, "second_factor_required")

        await set_up(chief)

        assert (await chief.get("/api/v1/users")).status == 200
