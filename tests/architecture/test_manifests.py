"""Each integration is what its manifest says, and uses of the hub no more than `irzhub.api`."""

import ast
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from irzhub.loader import read_manifest
from tests.conftest import ROOT

FOLDERS = sorted(each for each in (ROOT / "integrations").iterdir() if (each / "manifest.json").exists())
DEPENDENCIES = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]


def imported(file: Path) -> Iterator[str]:
    """Yield what a file imports, relative names with their dots."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def foreign(names: Iterator[str]) -> list[str]:
    """Return the imports that reach into the hub past its door, or into another integration."""
    return [
        name
        for name in names
        if name.startswith(("..", "integrations")) or (name.split(".")[0] == "irzhub" and name != "irzhub.api")
    ]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_integrations_import_the_door_alone(folder: Path) -> None:
    reached = {str(file): foreign(imported(file)) for file in folder.rglob("*.py")}

    assert {file: names for file, names in reached.items() if names} == {}


@pytest.mark.parametrize(
    "line",
    [
        "import irzhub.core.bus",
        "from irzhub.web.route import Route",
        "from ..smtp import x",
        "import integrations.smtp",
    ],
)
def test_a_reach_past_the_door_is_seen(tmp_path: Path, line: str) -> None:
    (tmp_path / "bad.py").write_text(f"from irzhub.api import key\nfrom .at import y\n{line}\n")

    assert len(foreign(imported(tmp_path / "bad.py"))) == 1


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_manifests_say_what_is_needed(folder: Path) -> None:
    manifest = read_manifest(folder)

    assert manifest.name.keys() >= {"en", "ru"}
    assert set(manifest.requirements) <= set(DEPENDENCIES), "what an integration needs is installed with the hub"
    assert json.loads((folder / "manifest.json").read_text())["documentation"].startswith("docs/")
