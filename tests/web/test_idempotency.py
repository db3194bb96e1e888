"""A POST that is sent again does nothing again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

KEY = {"Idempotency-Key": "7f2c-1"}
GROUPS = "/api/v1/groups"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        yield made


async def test_the_same_request_is_answered_the_same_and_done_once(hub: WholeHub) -> None:
    first = await hub.call("POST", GROUPS, {"path": "Север"}, headers=KEY)
    again = await hub.call("POST", GROUPS, {"path": "Север"}, headers=KEY)

    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert (await hub.call("POST", GROUPS, {"path": "Север"})).status == 409, "without the key it is another request"


async def test_a_key_stands_for_one_request_of_one_caller(hub: WholeHub) -> None:
    await hub.call("POST", GROUPS, {"path": "Север"}, headers=KEY)

    other_body = await hub.call("POST", GROUPS, {"path": "Юг"}, headers=KEY)
    other_route = await hub.call("POST", "/api/v1/modems", {"imei": IMEI}, headers=KEY)
    other_caller = await hub.call("POST", GROUPS, {"path": "Юг"}, token="engineer", headers=KEY)

    assert (other_body.status, other_body.json()["code"]) == (409, "key_used")
    assert other_route.json()["code"] == "key_used"
    assert other_caller.status == 201


async def test_a_refused_request_may_be_sent_again_corrected(hub: WholeHub) -> None:
    assert (await hub.call("POST", GROUPS, {"path": ""}, headers=KEY)).status == 422
    assert (await hub.call("POST", GROUPS, {"path": "Север"}, headers=KEY)).status == 201


async def test_two_at_once_are_one(hub: WholeHub) -> None:
    replies = await asyncio.gather(*(hub.call("POST", GROUPS, {"path": "Север"}, headers=KEY) for _ in range(5)))

    made = [reply for reply in replies if reply.status == 201]
    assert made
    assert all(reply.status == 201 or reply.json()["code"] == "in_progress" for reply in replies)
    assert sum("Idempotency-Replayed" not in reply.headers for reply in made) == 1


@pytest.mark.parametrize("key", ["", "with space", "x" * 201])
async def test_a_key_has_its_form(hub: WholeHub, key: str) -> None:
    assert (await hub.call("POST", GROUPS, {"path": "x"}, headers={"Idempotency-Key": key})).status == 400


async def test_a_token_is_shown_once_all_the_same(hub: WholeHub) -> None:
    body = {"name": "scada", "role": "viewer", "owner": None}
    first = await hub.call("POST", "/api/v1/tokens", body, headers=KEY)
    again = await hub.call("POST", "/api/v1/tokens", body, headers=KEY)

    assert first.status == 201, first.body
    assert (again.status, again.json()["code"]) == (409, "already_done")
    kept = await hub.hub.store.read(lambda conn: conn.exec_driver_sql("SELECT body FROM idempotency").scalar())
    assert first.json()["token"] not in str(kept)
