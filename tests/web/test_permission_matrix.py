"""Every route with every role, with nobody, and with another organisation's object: over real HTTP, from the router.

A new route is walked by itself. It fails here until its rule stands in `permissions.ROUTES`, and, where its path
names an object, until `foreign.py` says how one of another organisation is made.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from irzhub.storage.accounts import add_token
from irzhub.web.permissions import ROLES, ROUTES, Right
from irzhub.web.route import Route
from irzhub.web.routes import ALL_ROUTES
from tests.web.conftest import token_row
from tests.web.foreign import BODIES, FOREIGN_MODEM, FORMER_MODEM, MISSING, MISSING_ID, SHARED, make_north
from tests.web.routes.whole_hub import Reply, WholeHub, whole_hub

BEHIND_A_PROXY: Final = {"X-Forwarded-For": "203.0.113.5"}
OWNED: Final = [route for route in ALL_ROUTES if "{" in route.path]
SOUTH: Final = "token-of-south"


@pytest.fixture
async def whole(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        yield made


def right_of(route: Route) -> Right:
    return ROUTES[route.method, route.path]


def path_of(route: Route, made: dict[str, str] | None = None) -> str:
    """The path with `made` for its parameters, else with names of nothing."""
    names = MISSING if made is None else made
    return re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], MISSING_ID), route.path)


def prefix_of(route: Route) -> str:
    """The path up to and with its first parameter."""
    return route.path[: route.path.index("}") + 1]


async def call(whole: WholeHub, route: Route, path: str, token: str, body: Any = None) -> Reply:
    return await whole.call(route.method, path, body, token, headers=BEHIND_A_PROXY)


def is_refused(reply: Reply) -> bool:
    """Whether the table of permissions turned the caller away; what a handler says is another matter."""
    return reply.status == 403 and b"may not do this" in reply.body


async def test_each_role_passes_where_the_table_says_so_and_nowhere_else(whole: WholeHub) -> None:
    wrong = []
    for role, rights in ROLES.items():
        for route in ALL_ROUTES:
            reply = await call(whole, route, path_of(route), role)
            right = right_of(route)
            is_due = right is Right.OPEN or right in rights
            if is_refused(reply) == is_due or (reply.status == 401 and right is not Right.OPEN) or reply.status == 500:
                wrong.append((role, route.name, right.value, reply.status))

    assert wrong == []


async def test_nobody_passes_where_it_is_not_open(whole: WholeHub) -> None:
    passed = set()
    for route in ALL_ROUTES:
        url = f"{whole.hub.web.url.rstrip('/')}{path_of(route)}"
        async with whole.http.request(route.method, url, headers=BEHIND_A_PROXY, allow_redirects=False) as response:
            if not (response.status == 401 and b'"unauthorized"' in await response.read()):
                passed.add(route.name)

    assert passed == {route.name for route in ALL_ROUTES if right_of(route) is Right.OPEN}


async def add_south(whole: WholeHub) -> None:
    """A program with every right, that sees the modems of the organisation `south`."""
    row = token_row("south", SOUTH, "admin", organisations=("south",))
    await whole.hub.store.write(lambda connection: add_token(connection, row))


async def test_what_belongs_to_others_does_not_exist(whole: WholeHub) -> None:
    made = await make_north(whole)
    await add_south(whole)
    wrong: dict[str, Any] = {}
    for route in OWNED:
        prefix, body = prefix_of(route), BODIES.get(route.name)
        assert prefix in made or prefix in SHARED, f"say in foreign.py how {prefix} of another organisation is made"
        assert route.body is None or body is not None, f"say in foreign.py what a good body of {route.name} is"
        if prefix in SHARED:
            reply = await call(whole, route, path_of(route), SOUTH, body)
            if route.method != "GET" and reply.status not in (403, 404):
                wrong[route.name] = f"{reply.status}: what all share is changed by who sees the whole hub"
            continue
        foreign = await call(whole, route, path_of(route, made[prefix]), SOUTH, body)
        missing = await call(whole, route, path_of(route), SOUTH, body)
        if foreign.status not in (403, 404) or told(foreign) != told(missing):
            wrong[route.name] = (told(foreign), told(missing))

    assert wrong == {}
    assert (await whole.call("GET", f"/api/v1/modems/{FOREIGN_MODEM}")).json()["organisation"] == "north"


def told(reply: Reply) -> tuple[int, str, str]:
    """What a caller learns from a refusal."""
    if b'"code"' not in reply.body:
        return reply.status, "", reply.body.decode()[:80]
    return reply.status, reply.json()["code"], reply.json()["detail"]


async def test_no_list_tells_of_what_belongs_to_others(whole: WholeHub) -> None:
    made = await make_north(whole)
    await add_south(whole)
    words = {"north", "Север", "Котельная", FOREIGN_MODEM, FORMER_MODEM}
    words |= {name for names in made.values() for name in names.values() if len(name) == 26}
    telling = {}
    for route in ALL_ROUTES:
        if route.method == "GET" and "{" not in route.path and right_of(route) is not Right.OPEN:
            text = (await call(whole, route, route.path, SOUTH)).body.decode()
            telling[route.name] = sorted(word for word in words if word in text)

    assert {name: found for name, found in telling.items() if found} == {}
    assert FOREIGN_MODEM in (await whole.call("GET", "/api/v1/modems")).body.decode(), "it is there, for who may see it"
