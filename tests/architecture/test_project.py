"""What the texts promise is there: links, commands, targets."""

import re
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from irzhub.cli.app import app
from tests.conftest import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)")
CITATION = re.compile(r"docs/(contract|protocol)\.md (\d+(?:\.\d+)*)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_targets_of_make_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"`(?:sudo )?make ([a-z-]+)|^make ([a-z-]+)", page.read_text(), re.MULTILINE)) <= {
        pair for target in targets for pair in ((target, ""), ("", target))
    }


def test_the_readme_names_every_command() -> None:
    commands = set(getattr(get_command(app), "commands"))  # noqa: B009 - mypy knows the base class only

    for readme in ("README.md", "README.ru.md"):
        line = next(line for line in (ROOT / readme).read_text().splitlines() if "`irzhub --help`" in line)
        assert set(re.findall(r"`([a-z]+)`", line)) == commands, readme


def test_cited_sections_exist() -> None:
    cited = {found for file in sorted((ROOT / "irzhub").rglob("*.py")) for found in CITATION.findall(file.read_text())}
    absent = []
    for name, number in sorted(cited):
        headings = re.findall(r"^#+ (\d+(?:\.\d+)*)", (ROOT / "docs" / f"{name}.md").read_text(), re.MULTILINE)
        if number not in headings:
            absent.append(f"docs/{name}.md {number}")

    assert absent == []


def test_ci_runs_what_a_developer_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text()

    assert "make --no-print-directory test" in script
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize("script", [".ci/run", "tests/install_servers.sh"])
def test_shell_scripts_are_good_shell(script: str) -> None:
    assert subprocess.run(["bash", "-n", ROOT / script], capture_output=True).returncode == 0
