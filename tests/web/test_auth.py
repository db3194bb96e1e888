"""Tokens: made and revoked beside the running hub, expired ones, guesses."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from irzhub.storage.accounts import add_token, revoke_token
from irzhub.web.connection import HttpLimits
from tests.web.conftest import WHEN, Hub, token_row

LIST = "/api/v1/modems"


async def test_a_new_token_opens_at_once_and_a_revoked_one_is_dead_within_a_second(hub: Hub) -> None:
    assert (await hub.get(LIST, token="fresh")).status == 401

    await hub.store.write(lambda connection: add_token(connection, token_row("scada", "fresh", "viewer")))
    assert (await hub.get(LIST, token="fresh")).status == 200

    await hub.store.write(lambda connection: revoke_token(connection, "scada", WHEN))
    async with asyncio.timeout(1.0):
        while (await hub.get(LIST, token="fresh")).status != 401:
            await asyncio.sleep(0.05)


async def test_an_expired_token_opens_nothing(hub: Hub) -> None:
    over = datetime.now(UTC) - timedelta(seconds=1)
    await hub.store.write(lambda connection: add_token(connection, token_row("old", "over", "viewer", expires_at=over)))

    reply = await hub.get(LIST, token="over")

    assert (reply.status, reply.json()["code"]) == (401, "unauthorized")
    assert reply.headers["WWW-Authenticate"] == 'Bearer realm="irzhub", error="invalid_token"'


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic YWRtaW46YWRtaW4=", "token-of-admin", "Bearer " + "a" * 600, "Bearer тайна"],
)
async def test_what_is_no_bearer_token_is_refused(hub: Hub, header: str) -> None:
    reply = await hub.get(LIST, token=None, headers={"Authorization": header})

    assert reply.status == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer ")


async def test_a_guesser_is_slowed_down_and_harms_nobody_who_was_there_before(hub: Hub) -> None:
    assert (await hub.get(LIST)).status == 200

    found = [(await hub.get(LIST, token=f"guess-{number}")).status for number in range(40)]
    refused = await hub.get(LIST, token="guess-41")

    assert found[:20] == [401] * 20
    assert found[-1] == 429
    assert (refused.status, refused.json()["code"]) == (429, "too_many_bad_tokens")
    assert 1 <= int(refused.headers["Retry-After"]) <= 4
    assert (await hub.get(LIST)).status == 200


async def test_a_token_in_the_address_is_no_token(hub: Hub) -> None:
    assert (await hub.get("/api/v1/events?token=token-of-admin", token=None)).status == 401


def test_the_limits_leave_time_for_proxies() -> None:
    assert HttpLimits().idle_s > 60
