"""Every route with every role and with none, from the router itself; nothing is open by accident."""

from typing import Any

import pytest

from irzhub.core.services import (
    MODEM_COMMAND,
    TRAFFIC_RECORD,
    CommandOutcome,
    ModemCommand,
    TrafficEntry,
    TrafficRecord,
)
from irzhub.web.permissions import ROLES, ROUTES, Right, may
from irzhub.web.routes import ALL_ROUTES
from tests.web.conftest import IMEI, Hub

BEHIND_A_PROXY = {"X-Forwarded-For": "203.0.113.5"}
BODIES: dict[tuple[str, str], Any] = {
    ("PATCH", "/api/v1/modems/{modem}"): {"comment": "checked"},
    ("POST", "/api/v1/modems/{modem}/commands"): {"command": "signal"},
}
GOOD = {200, 202, 404}  # 404: the id in the path of a command is made up


async def offer_services(hub: Hub) -> None:
    async def command(_: ModemCommand) -> CommandOutcome:
        return CommandOutcome(status="ok")

    async def record(_: TrafficRecord) -> tuple[TrafficEntry, ...]:
        return ()

    hub.services.register(MODEM_COMMAND, command)
    hub.services.register(TRAFFIC_RECORD, record)


async def statuses(hub: Hub, token: str | None) -> dict[tuple[str, str], int]:
    found = {}
    for route in ALL_ROUTES:
        path = route.path.format(modem=IMEI, id="0" * 26)
        key = (route.method, route.path)
        reply = await hub.call(route.method, path, token, json=BODIES.get(key), headers=BEHIND_A_PROXY)
        found[key] = reply.status
    return found


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_passes_where_the_table_says_so_and_nowhere_else(hub: Hub, role: str) -> None:
    hub.add_modem()
    await offer_services(hub)

    found = await statuses(hub, role)

    assert {key: status in GOOD for key, status in found.items()} == {key: may(role, ROUTES[key]) for key in found}
    assert {status for status in found.values() if status not in GOOD} <= {403}


async def test_without_a_token_only_open_routes_answer(hub: Hub) -> None:
    hub.add_modem()

    found = await statuses(hub, None)

    assert {key for key, status in found.items() if status in GOOD} == {
        key for key, right in ROUTES.items() if right is Right.OPEN
    }
    assert {status for status in found.values() if status not in GOOD} == {401}


def test_the_table_and_the_routes_are_the_same() -> None:
    assert {(route.method, route.path) for route in ALL_ROUTES} == set(ROUTES)
    assert len({route.name for route in ALL_ROUTES}) == len(ALL_ROUTES)


def test_the_roles_are_what_the_documentation_says() -> None:
    rights = {role: {right.value for right in rights} for role, rights in ROLES.items()}
    lists = {"modems.read", "events.read", "commands.read", "jobs.read", "groups.read", "organisations.read"}
    see = lists | {"metrics.read", "signed_in"}
    operate = see | {"commands.send", "jobs.manage"}
    modems = {f"modems.{what}" for what in ("add_delete", "description", "settings", "update_settings", "firmware")}
    other = {"notifications.edit", "commands.send_raw", "traffic.read", "terminal.use", "jobs.approve", "groups.edit"}

    assert rights == {
        "viewer": see,
        "auditor": see | {"users.read", "tokens.read", "audit.read"},
        "operator": operate,
        "engineer": operate | modems | other,
        "admin": {right.value for right in Right} - {"open"},
    }


def test_an_unknown_role_may_do_nothing() -> None:
    assert not any(may("owner", right) for right in Right if right is not Right.OPEN)


def test_only_these_addresses_are_open() -> None:
    assert {path for (_, path), right in ROUTES.items() if right is Right.OPEN} == {
        "/",
        "/healthz",
        "/readyz",
        "/api/v1/openapi.json",
    }
