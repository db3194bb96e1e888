"""What is handed out: the wheel that is built from the sdist, in an environment of its own, is the whole product.

Nothing of the checkout is seen from there. What the sdist leaves out, the wheel cannot have.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from urllib.request import Request, urlopen

import pytest

from irzhub.const import VERSION
from tests.conftest import ROOT
from tests.e2e.hub_process import HubProcess
from tests.page.build import STATIC, build_page

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

Command: TypeAlias = list[str | Path]
_UV = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
_BROWSER = {"Accept": "text/html"}
_NAMED_FILE = re.compile(r'(?:src|href)="\./(assets/[^"]+)"')


@dataclass(frozen=True, slots=True)
class Package:
    """An sdist, the folder it was unpacked into, the wheel built there, and the environment that has the wheel."""

    sdist: Path
    sources: Path
    wheel: Path
    environment: Path

    @property
    def python(self) -> Path:
        """The interpreter that has the wheel's hub and nothing else of it."""
        return self.environment / "bin" / "python"

    def program(self, *arguments: str) -> str:
        """Return what the installed program prints, run where the checkout is not."""
        return _done([self.environment / "bin" / "irzhub", *arguments], self.environment)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    """The checkout as it is handed out, and installed."""
    build_page()
    folder = tmp_path_factory.mktemp("package")
    _done([_UV, "build", "--sdist", "--out-dir", folder / "sdist", ROOT], folder)
    (sdist,) = (folder / "sdist").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "sources", filter="data")
    (sources,) = (folder / "sources").iterdir()
    _done([_UV, "build", "--wheel", "--out-dir", folder / "wheel", sources], folder)
    (wheel,) = (folder / "wheel").glob("*.whl")
    export: Command = [_UV, "export", "--frozen", "--no-dev", "--no-emit-project", "--output-file"]
    _done([*export, folder / "locked.txt"], sources)
    environment = folder / "environment"
    _done([_UV, "venv", "--python", sys.executable, environment], folder)
    install: Command = [_UV, "pip", "install", "--python", environment / "bin" / "python"]
    _done([*install, "--require-hashes", "--requirement", folder / "locked.txt"], folder)
    _done([*install, "--no-deps", wheel], folder)
    yield Package(sdist, sources, wheel, environment)
    shutil.rmtree(folder)


def test_it_says_its_version(package: Package) -> None:
    assert package.program("--version") == f"irzhub {VERSION}\n"
    assert package.wheel.name == f"irzhub-{VERSION}-py3-none-any.whl"


def test_nothing_of_the_checkout_is_seen(package: Package) -> None:
    where = _done([package.python, "-c", "import irzhub; print(irzhub.__file__)"], package.environment)

    assert Path(where.strip()).is_relative_to(package.environment)


def test_nobody_s_secrets_and_no_rubbish_are_handed_out(package: Package) -> None:
    with tarfile.open(package.sdist) as archive, zipfile.ZipFile(package.wheel) as wheel:
        sent = [*archive.getnames(), *wheel.namelist()]

    rubbish = re.compile(r"__pycache__|node_modules|/\.venv|/\.tools|config/data|secrets\.yaml|/\.git/|\.db$")
    assert [name for name in sent if rubbish.search(name)] == []


def test_it_has_each_file_that_the_program_reads(package: Package) -> None:
    with zipfile.ZipFile(package.wheel) as wheel:
        packed = set(wheel.namelist())
    wanted = {name for name in _tracked("irzhub") if not name.endswith("README.md")}
    wanted |= {f"irzhub/{name}" for name in _tracked("integrations")}
    wanted |= {f"irzhub/web/static/{each.relative_to(STATIC)}" for each in STATIC.rglob("*") if each.is_file()}

    assert sorted(wanted - packed) == []
    assert any("/migrations/local/versions/" in name for name in packed)


def test_the_shipped_settings_are_beside_it(package: Package) -> None:
    shared = package.environment / "share" / "irzhub"
    shipped = shared / "config"
    there = {str(each.relative_to(shipped)) for each in shipped.rglob("*") if each.is_file()}

    assert there == {name.removeprefix("config/") for name in _tracked("config")}
    assert (shared / "irzhub.service").read_text() == (ROOT / "docs" / "irzhub.service").read_text()
    assert "irzhub.yaml" in package.program("check", "--config", str(shipped))


async def test_it_runs_and_serves_its_page(package: Package, tmp_path: Path) -> None:
    data = tmp_path / "data"
    changes: dict[str, dict[str, Any]] = {
        "hub": {"data_dir": str(data)},
        "mqtt": {"broker": "embedded"},
        "integrations": {"webhook": {"receivers": {"scada": {"url": "https://scada.example.ru/irzhub"}}}},
    }
    # From a folder of its own: a part that is started as a process would find the checkout in the present one.
    elsewhere = ("env", "-C", str(tmp_path))
    program = (str(package.environment / "bin" / "irzhub"),)
    async with HubProcess(tmp_path / "hub", changes=changes, prefix=elsewhere, program=program) as hub:
        page = f"http://127.0.0.1:{hub.web_port}/"
        named = _NAMED_FILE.findall(await asyncio.to_thread(_read, page, "text/html"))
        assert {Path(name).suffix for name in named} >= {".js", ".css"}
        built = [each.name for each in (STATIC / "assets").iterdir() if each.suffix in (".js", ".css")]
        for name in sorted({*named, *(f"assets/{each}" for each in built)}):
            media = "text/css" if name.endswith(".css") else "text/javascript"
            assert await asyncio.to_thread(_read, page + name, media) == (STATIC / name).read_text("utf-8"), name

        about = await hub.get("/api/v1/hub")
        parts = {each["part"]: each["state"] for each in about["parts"]}
        assert (about["version"], about["state"]) == (VERSION, "ready")
        assert parts["webhook"] == "up", parts
        assert await hub.get("/api/v1/modems") == {"items": [], "next": None, "total": 0}
    assert (data / "hub.db").is_file()
    assert (data / "history.db").is_file()
    assert "Traceback" not in hub.log


def test_without_the_page_nothing_is_built(package: Package, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(package.sources, bare, ignore=shutil.ignore_patterns("static", "tests", "docs", "src"))

    for kind in ("--sdist", "--wheel"):
        refused = _run([_UV, "build", kind, "--out-dir", tmp_path / "out", bare], tmp_path)
        assert refused.returncode != 0
        assert "the dispatcher page is not built. Run `make frontend`" in refused.stderr
    assert not list((tmp_path / "out").glob("irzhub*"))


def _read(address: str, media: str) -> str:
    with urlopen(Request(address, headers=_BROWSER), timeout=10) as answer:
        assert (answer.status, answer.headers.get_content_type()) == (200, media), address
        content: bytes = answer.read()
    return content.decode()


def _tracked(folder: str) -> list[str]:
    return _done(["git", "ls-files", folder], ROOT).split()


def _done(command: Command, folder: Path) -> str:
    done = _run(command, folder)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def _run(command: Command, folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT"):
        environment.pop(name, None)
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
