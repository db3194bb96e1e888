"""Every import rule of pyproject.toml is broken once, in a copy, and must be reported as broken.

All breaches are made in one copy and judged in one run: what counts is that each of them is named under
its own rule.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

LAYERS = "Layers"
BREACHES: list[tuple[str, str, str]] = [
    (LAYERS, "irzhub.const", "irzhub.codec.errors"),
    (LAYERS, "irzhub.codec.errors", "irzhub.core.exceptions"),
    (LAYERS, "irzhub.core.clock", "irzhub.config.settings"),
    (LAYERS, "irzhub.config.settings", "irzhub.storage.errors"),
    (LAYERS, "irzhub.storage.errors", "irzhub.simulator.options"),
    (LAYERS, "irzhub.storage.errors", "irzhub.outbound.errors"),
    (LAYERS, "irzhub.outbound.errors", "irzhub.storage.errors"),
    (LAYERS, "irzhub.config.settings", "irzhub.outbound.errors"),
    (LAYERS, "irzhub.simulator.options", "irzhub.relay.settings"),
    (LAYERS, "irzhub.relay.link", "irzhub.journal.journal"),
    (LAYERS, "irzhub.journal.journal", "irzhub.relay.settings"),
    (LAYERS, "irzhub.relay.settings", "irzhub.recorder"),
    (LAYERS, "irzhub.recorder", "irzhub.fleet.inputs"),
    (LAYERS, "irzhub.fleet.inputs", "irzhub.mqtt.topics"),
    (LAYERS, "irzhub.mqtt.topics", "irzhub.fleet.inputs"),
    (LAYERS, "irzhub.mqtt.payloads", "irzhub.web.problem"),
    (LAYERS, "irzhub.web.problem", "irzhub.bootstrap"),
    (LAYERS, "irzhub.web.route", "irzhub.api"),
    (LAYERS, "irzhub.api", "irzhub.loader"),
    (LAYERS, "irzhub.loader", "irzhub.upgrade"),
    (LAYERS, "irzhub.bootstrap", "irzhub.cli.options"),
    ("The codec does no I/O and knows no clock", "irzhub.codec.driver", "socket"),
    ("The codec and the core know no library", "irzhub.core.bus", "pydantic"),
    ("The relay knows messages only", "irzhub.relay.messages", "irzhub.config.settings"),
    ("The simulator is a stranger to the hub", "irzhub.fleet.ports", "irzhub.simulator.options"),
    ("The simulator reads the wire with its own eyes", "irzhub.simulator.wire", "irzhub.codec.irz.hello"),
    ("MQTT libraries belong to mqtt", "irzhub.web.headers", "gmqtt"),
    ("Databases belong to storage", "irzhub.fleet.networks", "sqlalchemy"),
    ("HTTP belongs to web, and to the one client", "irzhub.mqtt.window", "aiohttp"),
    ("What the web shows is shaped in web", "irzhub.outbound.rules", "pydantic"),
    ("Reading configuration belongs to config", "irzhub.web.route", "yaml"),
    ("Encoded messages belong to the relay", "irzhub.web.throttle", "msgspec"),
    ("The terminal belongs to cli", "irzhub.web.route", "rich"),
    ("Passwords are hashed in one place", "irzhub.web.sign_in", "argon2"),
    ("Cron expressions are read in one place", "irzhub.fleet.windows", "cronsim"),
    ("Templates of rules are rendered in one place", "irzhub.alerts.outbox_texts", "jinja2"),
    ("Files of reports are written in reports", "irzhub.web.report_json", "xlsxwriter"),
    ("The loop is chosen where the program starts", "irzhub.relay.keepalive", "uvloop"),
]
STRAY_LAYER = "irzhub.manager"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What lint-imports says of the broken copy: the text under each rule, and `""` for the verdicts."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copytree(ROOT / "irzhub", folder / "irzhub", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for _, module, imported in BREACHES:
        file = _file_of(folder, module)
        file.write_text(f"import {imported}\n{file.read_text()}")
    (folder / "irzhub" / "manager.py").write_text('"""A layer that nobody placed."""\n')
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1, done.stdout + done.stderr
    verdicts, *details = re.split(r"^(?=\S.*\n-+\n)", done.stdout.partition("Broken contracts")[2], flags=re.MULTILINE)
    found = {detail.splitlines()[0].strip(): detail for detail in details}
    return {**found, "": done.stdout.partition("Broken contracts")[0] + verdicts}


@pytest.mark.parametrize(("rule", "module", "imported"), BREACHES, ids=[f"{m} -> {i}" for _, m, i in BREACHES])
def test_a_forbidden_import_breaks_its_rule(report: dict[str, str], rule: str, module: str, imported: str) -> None:
    assert rule in report, f"{rule!r} was kept although {module} imports {imported}"
    assert re.search(rf"{re.escape(module)} -> {re.escape(imported)}\b", report[rule]), report[rule]


def test_a_new_package_must_be_placed_in_a_layer(report: dict[str, str]) -> None:
    assert "manager" in report[LAYERS]


def test_every_rule_has_a_breach() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

    assert {rule["name"] for rule in rules} == {rule for rule, _, _ in BREACHES}


def test_every_protected_library_is_one_that_the_project_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = {re.split(r"[\[<>=;]", each)[0].replace("-", "_") for each in project["project"]["dependencies"]}
    renamed = {"pyyaml": "yaml", "argon2_cffi": "argon2"}
    # These are never imported by name: drivers that SQLAlchemy finds by the URL, and the time zones' tables;
    # or by integrations alone, which stand outside the package: what they import test_manifests.py checks.
    unimported = {"aiomysql", "aiosqlite", "tzdata", "aiosmtplib", "serialx"}

    protected = {
        name for rule in project["tool"]["importlinter"]["contracts"] for name in rule.get("protected_modules", [])
    }

    assert protected == {renamed.get(name, name) for name in needed} - unimported


def _file_of(folder: Path, module: str) -> Path:
    path = folder.joinpath(*module.split("."))
    return path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
