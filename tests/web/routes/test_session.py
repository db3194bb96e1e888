"""Signing in and out; what a session may, when it ends, and who stays out."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from irzhub.config.settings import SignIn, WebSettings
from irzhub.storage.accounts import set_disabled
from irzhub.storage.audit import AuditFilter, AuditRow, find_audit
from irzhub.storage.web_sessions import list_sessions, touch_session
from tests.web.conftest import IMEI, Hub, Reply
from tests.web.people import PASSWORD, Person, add_account, person, signed_in

SESSION = "/api/v1/session"


async def audit_rows(hub: Hub, **wanted: Any) -> list[AuditRow]:
    return await hub.store.read(lambda connection: find_audit(connection, AuditFilter(**wanted), 50))


def cookie_of(reply: Reply) -> str:
    return reply.headers["Set-Cookie"]


async def test_a_session_from_the_first_word_to_the_last(hub: Hub) -> None:
    hub.add_modem()
    await add_account(hub, "anna", "operator", language="ru")
    async with person(hub) as anna:
        assert (await anna.get("/api/v1/modems")).status == 401

        reply = await anna.sign_in("anna")
        assert reply.status == 200
        assert "HttpOnly" in cookie_of(reply)
        assert "SameSite=Lax" in cookie_of(reply)
        assert cookie_of(reply).startswith("irzhub=")
        assert "Secure" not in cookie_of(reply)

        who = (await anna.get(SESSION)).json()
        assert (who["kind"], who["name"], who["role"], who["language"]) == ("user", "anna", "operator", "ru")
        assert "commands.send" in who["rights"]
        assert who["scope"] == {"organisations": None, "groups": None}
        assert who["second_factor"] == {"enabled": False, "required": False, "recovery_codes_left": 0}
        assert (await anna.get("/api/v1/modems")).json()["total"] == 1

        assert (await anna.call("DELETE", SESSION)).status == 204
        assert (await anna.get(SESSION)).status == 401

    rows = await audit_rows(hub, actor="anna")
    assert [(row.action, row.result, row.source) for row in rows] == [
        ("sign_out", "ok", "127.0.0.1"),
        ("sign_in", "ok", "127.0.0.1"),
    ]


async def test_behind_tls_the_cookie_is_tied_to_it(hub: Hub) -> None:
    await add_account(hub, "anna")
    async with person(hub) as anna:
        anna.headers = {"X-Forwarded-Proto": "https"}
        cookie = cookie_of(await anna.sign_in("anna"))

    assert cookie.startswith("__Host-irzhub=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


async def test_a_wrong_name_and_a_wrong_password_are_told_in_the_same_words(hub: Hub) -> None:
    await add_account(hub, "anna")
    await add_account(hub, "gone", disabled=True)
    async with person(hub) as someone:
        replies = [await someone.sign_in(*pair) for pair in (("anna", "no"), ("nobody", "no"), ("gone", PASSWORD))]

    assert {(reply.status, reply.json()["code"], reply.json()["detail"]) for reply in replies} == {
        (401, "wrong_name_or_password", "the name or the password is wrong")
    }
    rows = await audit_rows(hub, action="sign_in")
    assert [(row.actor, row.object["user"], row.result) for row in rows] == [
        ("", "gone", "refused"),
        ("", "nobody", "refused"),
        ("", "anna", "refused"),
    ]


async def test_after_five_tries_the_next_ones_wait_even_with_the_right_password(hub: Hub) -> None:
    await add_account(hub, "anna")
    await add_account(hub, "boris")
    async with person(hub) as someone:
        tries = await asyncio.gather(*(someone.sign_in("anna", f"wrong {number}") for number in range(8)))
        late = await someone.sign_in("anna")
        other = await someone.sign_in("boris")

    assert sorted(reply.status for reply in tries) == [401] * 5 + [429] * 3
    assert (late.status, late.json()["code"]) == (429, "too_many_tries")
    assert 1 <= int(late.headers["Retry-After"]) <= 31
    assert other.status == 200


async def test_a_change_needs_the_words_of_the_session_and_the_page_of_the_hub(hub: Hub) -> None:
    hub.add_modem()
    async with signed_in(hub, "anna", "engineer") as anna:
        edit = ("PATCH", f"/api/v1/modems/{IMEI}", {"name": "Котельная"})
        word, anna.csrf = anna.csrf, ""
        without, wrong = await anna.call(*edit), await anna.call(*edit, **{"X-CSRF-Token": "guess"})
        anna.csrf = word
        foreign = await anna.call(*edit, Origin="https://evil.example")
        good = await anna.call(*edit)

    assert (without.status, without.json()["code"]) == (403, "csrf")
    assert (wrong.status, wrong.json()["code"]) == (403, "csrf")
    assert (foreign.status, foreign.json()["code"]) == (403, "cross_origin")
    assert good.status == 200


async def test_each_sign_in_has_a_fresh_id_and_ends_the_one_before_in_that_browser(hub: Hub) -> None:
    await add_account(hub, "anna")
    async with person(hub) as anna:
        first = cookie_of(await anna.sign_in("anna"))
        second = cookie_of(await anna.sign_in("anna"))

    assert first.split(";")[0] != second.split(";")[0]
    assert len(await hub.store.read(list_sessions)) == 1


@pytest.fixture
def web_settings() -> WebSettings:
    return WebSettings(port=0, sign_in=SignIn(idle_s=600, limit_s=3600))


async def test_a_session_ends_when_nobody_uses_it(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna:
        session = (await hub.store.read(list_sessions))[0]
        assert session.expires_at - session.created_at == timedelta(hours=1)

        idle = datetime.now(UTC) - timedelta(seconds=601)
        await hub.store.write(lambda connection: touch_session(connection, session.id_hash, idle))
        await asyncio.sleep(0.6)

        assert (await anna.get(SESSION)).status == 401


async def test_a_session_ends_with_its_time(hub: Hub) -> None:
    async with signed_in(hub, "anna"):
        session = (await hub.store.read(list_sessions))[0]
        desk = hub.context.desk

        assert desk.is_alive(session)
        assert not desk.is_alive(replace(session, expires_at=datetime.now(UTC) - timedelta(seconds=1)))


async def test_who_is_locked_out_is_out_at_once(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna, signed_in(hub, "chief", "admin") as chief:
        assert (await anna.get(SESSION)).status == 200
        assert (await chief.call("PATCH", "/api/v1/users/anna", {"disabled": True})).status == 200
        assert (await anna.get(SESSION)).status == 401


async def test_what_the_command_line_changes_counts_within_a_second(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna:
        await hub.store.write(lambda connection: set_disabled(connection, "anna", True))
        async with asyncio.timeout(1.0):
            while (await anna.get(SESSION)).status != 401:
                await asyncio.sleep(0.05)


async def test_one_s_own_password(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna, person(hub) as elsewhere:
        await elsewhere.sign_in("anna")
        path, new = f"{SESSION}/password", "Котельная на Севере 12"

        wrong = await anna.call("PUT", path, {"current": "no", "password": new})
        weak = await anna.call("PUT", path, {"current": PASSWORD, "password": "123456789012"})
        good = await anna.call("PUT", path, {"current": PASSWORD, "password": new})

        assert (wrong.status, wrong.json()["code"]) == (422, "wrong_password")
        assert (weak.status, weak.json()["code"]) == (422, "weak_password")
        assert good.status == 200
        assert (await anna.get(SESSION)).status == 200, "who changed it stays signed in"
        assert (await elsewhere.get(SESSION)).status == 401, "the others end"
        assert (await elsewhere.sign_in("anna", PASSWORD)).status == 401
        assert (await elsewhere.sign_in("anna", new)).status == 200


async def test_a_token_has_no_session_to_end(hub: Hub) -> None:
    who = await hub.get(SESSION, token="viewer")

    assert (who.json()["kind"], who.json()["csrf"], who.json()["second_factor"]) == ("token", None, None)
    assert (await hub.call("DELETE", SESSION, "viewer")).json()["code"] == "people_only"


async def test_one_s_own_language(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna:
        assert (await anna.call("PATCH", SESSION, {"language": "en"})).json()["language"] == "en"
        assert (await anna.call("PATCH", SESSION, {})).json()["language"] == "en"
        assert (await anna.get(SESSION)).json()["language"] == "en"


async def test_a_cookie_of_nobody_opens_nothing(hub: Hub) -> None:
    async with person(hub) as someone:
        assert isinstance(someone, Person)
        for cookie in ("irzhub=guess", "irzhub=", f"irzhub={'a' * 4000}"):
            assert (await someone.call("GET", SESSION, Cookie=cookie)).status == 401
