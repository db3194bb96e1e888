"""The keys of integrations are judged by their own schemas."""

from collections.abc import Collection, Mapping
from typing import Any

from irzhub.config.integrations import (
    NoIntegrations,
    integration_keys,
    judge_integration,
    unknown_integrations,
    wanted_schemas,
)
from irzhub.config.schema_keys import key
from irzhub.config.validators import Number, OrNull, Text

SCHEMA = {
    key("port", 465, "a port", "порт"): Number(1, 65535),
    key("password", None, "a password", "пароль", is_secret=True): OrNull(Text()),
}


class Mail:
    """There is one integration."""

    def names(self) -> Collection[str]:
        return ("smtp", "broken")

    def schema(self, name: str) -> Mapping[Any, Any] | None:
        return SCHEMA if name == "smtp" else None


def test_only_those_that_are_named_are_loaded() -> None:
    assert wanted_schemas({}, {}, Mail()) == {}
    assert wanted_schemas({"integrations": {"smtp": None, "nobody": {}}}, {}, Mail()) == {"smtp": SCHEMA}
    assert wanted_schemas({}, {"IRZHUB__INTEGRATIONS__SMTP__PORT": "25"}, Mail()) == {"smtp": SCHEMA}
    assert wanted_schemas({"integrations": {"broken": None}}, {}, Mail()) == {"broken": None}


def test_their_keys_stand_below_the_section() -> None:
    keys = integration_keys({"smtp": SCHEMA, "broken": None})

    assert list(keys) == [("integrations", "smtp", "port"), ("integrations", "smtp", "password")]
    assert keys["integrations", "smtp", "password"].is_secret


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    assert list(unknown_integrations({"smtp": {}}, ("smtp",))) == []
    assert list(unknown_integrations({"stmp": {}}, ("smtp",))) == [
        (("integrations", "stmp"), "unknown integration; did you mean `smtp`?")
    ]
    assert list(unknown_integrations({"anything": {}}, NoIntegrations().names())) == []


def test_values_get_their_defaults_and_errors_their_path() -> None:
    assert judge_integration("smtp", SCHEMA, None) == ({"port": 465, "password": None}, [])

    _, errors = judge_integration("smtp", SCHEMA, {"port": 0})
    assert [(list(error.path), error.error_message) for error in errors] == [
        (["integrations", "smtp", "port"], "expected a whole number from 1 to 65535")
    ]
