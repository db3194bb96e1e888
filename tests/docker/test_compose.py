"""The compose files say what the hub understands, and point at what is there."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from irzhub.config.environment import overlay_environment
from irzhub.config.schema import SCHEMA
from irzhub.config.tree import Tree
from tests.conftest import ROOT

DOCKER = ROOT / "docker"


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DOCKER / name).read_text())
    return content


@pytest.mark.parametrize("name", ["compose.yaml", "compose.mysql.yaml"])
def test_volumes_and_secrets_are_declared(name: str) -> None:
    content = read(name)
    for service in content["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in content["volumes"] or source.startswith("./"), volume
        assert set(service.get("secrets", [])) <= set(content.get("secrets", {}))


def test_the_image_is_built_from_what_is_there() -> None:
    build = read("compose.yaml")["services"]["irzhub"]["build"]

    assert (DOCKER / build["context"]).resolve() == ROOT
    assert (DOCKER / build["context"] / build["dockerfile"]).is_file()
    assert (DOCKER / "mosquitto.conf").is_file()


def test_the_hub_understands_its_variables(tmp_path: Path) -> None:
    environ = read("compose.mysql.yaml")["services"]["irzhub"]["environment"]
    for name, value in environ.items():
        if name.endswith("_FILE"):
            secret = tmp_path / Path(value).name
            secret.write_text("mysql://irzhub:secret@127.0.0.1/irzhub")
            environ[name] = str(secret)
    tree = Tree({})

    assert overlay_environment(tree, environ) == []
    values = SCHEMA(tree.value)
    assert (values["mqtt"]["broker"], values["mqtt"]["username"]) == ("external", "irzhub")
    assert values["database"]["url"].startswith("mysql://irzhub:")
