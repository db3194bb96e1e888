"""The table of permissions: which route asks what, and which role has what."""

from irzhub.web.permissions import ROLES, ROUTES, Right, may
from irzhub.web.routes import ALL_ROUTES


def test_the_table_and_the_routes_are_the_same() -> None:
    assert {(route.method, route.path) for route in ALL_ROUTES} == set(ROUTES)
    assert len({route.name for route in ALL_ROUTES}) == len(ALL_ROUTES)


def test_the_roles_are_what_the_documentation_says() -> None:
    rights = {role: {right.value for right in rights} for role, rights in ROLES.items()}
    lists = {"modems.read", "events.read", "commands.read", "jobs.read", "groups.read", "organisations.read"}
    lists |= {"phone.read"}
    lists |= {"alerts.read"}
    see = lists | {"metrics.read", "signed_in"}
    operate = see | {"automations.read", "commands.send", "phone.use", "jobs.manage"}
    operate |= {"alerts.handle", "maintenance.plan"}
    operate |= {"reports.mail"}
    operate |= {"directory.read", "messages.read", "messages.manage"}
    modems = {f"modems.{what}" for what in ("add_delete", "description", "settings", "update_settings", "firmware")}
    other = {"notifications.edit", "commands.send_raw", "traffic.read", "terminal.use", "jobs.approve", "groups.edit"}
    other |= {"automations.edit", "directory.edit"}

    assert rights == {
        "viewer": see,
        "auditor": see | {"users.read", "tokens.read", "audit.read", "hub.read"},
        "operator": operate,
        "engineer": operate | modems | other,
        "admin": {right.value for right in Right} - {"open"},
    }


def test_an_unknown_role_may_do_nothing() -> None:
    assert not any(may("owner", right) for right in Right if right is not Right.OPEN)


def test_only_these_addresses_are_open() -> None:
    assert {path for (_, path), right in ROUTES.items() if right is Right.OPEN} == {
        "/",
        "/assets/{file}",
        "/status",
        "/healthz",
        "/readyz",
        "/api/v1/openapi.json",
        "/api/v1/asyncapi.json",
        "/setup",
        "/ack/{token}",
        "/api/v1/setup",
        "/api/v1/session",
        "/api/v1/automations_schema.json",
        "/api/v1/webhooks/{webhook}",
    }
