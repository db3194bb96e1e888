"""Every module can be imported alone, with warnings as errors, and the codec brings no machinery along."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.test_layout import SOURCES
from tests.conftest import ROOT

MODULES = [
    name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for name in SOURCES
    # Alembic runs these inside a migration; a child program is run, not imported.
    if "/migrations/" not in name
]

# Each import happens in a fork of an interpreter that knows the libraries and the layers below, but nothing of the
# module's own layer: no lower layer imports a higher one, so it is as good as a fresh one, and much quicker.
# What one child compiles the next ones read; they live too short for the garbage collector to be of use.
IMPORT_EACH = """
import gc, json, os, sys, traceback
import aiohttp.web, alembic.command, gmqtt, msgspec, prometheus_client, pydantic, rich.live, sqlalchemy, typer, yaml
import aiomysql, aiosmtplib, aiosqlite, argon2, jinja2.sandbox, pydantic.json_schema, serialx, uvloop, voluptuous
import sqlalchemy.dialects.mysql.aiomysql, sqlalchemy.dialects.sqlite.aiosqlite, sqlalchemy.ext.asyncio
assert not [name for name in sys.modules if name.startswith("irzhub")]
gc.disable()
sys.dont_write_bytecode, sys.pycache_prefix = False, sys.argv[1]
running, failed = {}, []

def end_one():
    child, status = os.wait()
    name = running.pop(child)
    if status:
        failed.append(name)

for layer in json.loads(sys.argv[2]):
    for name in layer:
        if len(running) == os.cpu_count():
            end_one()
        child = os.fork()
        if child == 0:
            try:
                __import__(name)
            except BaseException:
                traceback.print_exc(limit=-3)
                os._exit(1)
            os._exit(0)
        running[child] = name
    while running:
        end_one()
    for name in layer:
        if name not in failed:
            __import__(name)
print(*failed)
"""


def test_every_module_imports_alone(tmp_path: Path) -> None:
    layers = json.dumps(_by_layer())

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_EACH, tmp_path, layers], cwd=ROOT, capture_output=True, text=True
    )

    assert done.stdout.split() == [], done.stderr
    assert done.returncode == 0, done.stderr


def test_the_codec_brings_no_machinery() -> None:
    code = (
        "import sys, irzhub.codec.irz.driver; print(sorted({'asyncio', 'socket', 'ssl', 'logging'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def _by_layer() -> list[list[str]]:
    """All modules, from the lowest layer of pyproject.toml to the highest, which import-linter says is all of them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [layer.replace(":", "|").split("|") for layer in contracts[0]["layers"]]
    parts = [{f"irzhub.{part.strip()}" for part in layer} for layer in reversed(layers)]
    found = [[name for name in MODULES if ".".join(name.split(".")[:2]) in layer] for layer in parts]
    found.append([name for name in MODULES if name.split(".")[0] == "integrations"])  # above all, by their own rule
    assert sorted(sum(found, ["irzhub"])) == sorted(MODULES)
    return found
