"""Variables over files: YAML words and JSON, texts as they stand, secrets from files."""

from pathlib import Path
from typing import Any

import pytest

from irzhub.config.environment import overlay_environment
from irzhub.config.tree import Tree, find_value


def overlay(environ: dict[str, str], value: Any = None) -> tuple[Tree, list[str]]:
    tree = Tree({} if value is None else value)
    return tree, [str(problem) for problem in overlay_environment(tree, environ)]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("WEB__PORT", "8081", 8081),
        ("MQTT__TLS", "true", True),
        ("MQTT__TLS", "yes", "yes"),
        ("RELAY__POLLING__ALLOW", '["10.0.0.0/8", "private"]', ["10.0.0.0/8", "private"]),
        ("RELAY__POLLING__SHARING__IDLE", "3s", "3s"),
        ("WEB__TLS", "null", None),
        # Texts need no quotes, whatever they look like.
        ("MQTT__PASSWORD", "12345", "12345"),
        ("MQTT__PASSWORD", "a: b # c", "a: b # c"),
        ("MQTT__USERNAME", "null", None),
        ("MQTT__USERNAME", "", None),
        ("HUB__ID", "7", "7"),
        ("HUB__DATA_DIR", "/srv/irzhub", "/srv/irzhub"),
    ],
)
def test_a_variable(name: str, text: str, value: Any) -> None:
    tree, problems = overlay({f"IRZHUB__{name}": text, "HOME": "/root", "IRZHUB_CONFIG": "x"})

    assert problems == []
    assert find_value(tree.value, tuple(name.lower().split("__"))) == value


def test_a_key_wins_over_its_section_and_both_over_the_file() -> None:
    tree, problems = overlay(
        {"IRZHUB__WEB__PORT": "3", "IRZHUB__WEB": '{"host": "10.0.0.1", "port": 2}'}, {"web": {"port": 1}}
    )

    assert problems == []
    assert tree.value == {"web": {"port": 3, "host": "10.0.0.1"}}
    assert str(tree.place(("web", "port"))) == "environment IRZHUB__WEB__PORT"


def test_a_secret_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "mqtt").write_text("hunter2\n")
    (tmp_path / "smtp").write_text("  spaces stay \r\n")
    tree, problems = overlay(
        {
            "IRZHUB__MQTT__PASSWORD_FILE": str(tmp_path / "mqtt"),
            "IRZHUB__INTEGRATIONS__SMTP__PASSWORD_FILE": str(tmp_path / "smtp"),
        }
    )

    assert problems == []
    assert tree.value == {
        "mqtt": {"password": "hunter2"},
        "integrations": {"smtp": {"password": "  spaces stay "}},
    }
    assert tree.is_hidden(("mqtt", "password"))


def test_a_key_that_ends_like_a_file_is_itself() -> None:
    tree, problems = overlay({"IRZHUB__MQTT__CA_FILE": "/etc/ssl/ca.pem"})

    assert (tree.value, problems) == ({"mqtt": {"ca_file": "/etc/ssl/ca.pem"}}, [])


def test_what_is_wrong_with_variables(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    _, problems = overlay(
        {
            "IRZHUB__WEB__PORT": "[1",
            "IRZHUB__MQTT__PASSWORD": "a",
            "IRZHUB__MQTT__PASSWORD_FILE": "/b",
            "IRZHUB__DATABASE__URL_FILE": str(tmp_path / "none"),
            "IRZHUB__RELAY__MODEMS__PASSWORD_FILE": str(tmp_path / "empty"),
            "IRZHUB__": "1",
            "IRZHUB__RELAY__POLLING": "*x",
        }
    )

    assert problems == [
        "environment IRZHUB__: expected IRZHUB__SECTION__KEY",
        (
            f"environment IRZHUB__DATABASE__URL_FILE: database.url: the file {tmp_path}/none cannot be read: "
            "No such file or directory"
        ),
        "environment IRZHUB__MQTT__PASSWORD_FILE: mqtt.password: given twice, here and without _FILE",
        "environment IRZHUB__RELAY__POLLING: aliases (`*name`) are not allowed, write the value out",
        (
            "environment IRZHUB__WEB__PORT: not YAML: while parsing a flow sequence, "
            "did not find expected ',' or ']' (column 1)"
        ),
        (
            f"environment IRZHUB__RELAY__MODEMS__PASSWORD_FILE: relay.modems.password: expected a file with a secret, "
            f"{tmp_path}/empty is empty or too large"
        ),
    ]
