"""What the tree says: one word for each thing, nothing of the place where it was written."""

import ast
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_layout import MODULES
from tests.conftest import ROOT

FOREIGN = re.compile(
    r"(?<![\w.])/(?:work|home|tmp/[a-z]+|Users)/|\bTODO\b|\bFIXME\b|\bXXX\b|NotImplementedError|pragma: no cover"
    r"|\bsub-?agents?\b|\bthis (?:issue|task|brief)\b|\b(?:issue|PR) #\d+",
    re.IGNORECASE,
)
VAGUE = re.compile(r"(?:^|_)(?:manager|helper|helpers|utils?|misc|stuff)(?:$|_)", re.IGNORECASE)
CSQ_AS_RSSI = re.compile(r"\brssi\s*=\s*csq\b|\bcsq_dbm\b")


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    own = "tests/architecture/test_words.py"
    names = listed.stdout.split() if listed.returncode == 0 else MODULES
    return [
        name
        for name in names
        if not name.endswith((".lock", ".hex", ".ambr", ".png")) and name != own and (ROOT / name).is_file()
    ]


def test_the_project_speaks_of_itself_alone() -> None:
    foreign = []
    for name in _tracked():
        lines = (ROOT / name).read_bytes().decode(errors="replace").splitlines()
        foreign += [f"{name}:{number}: {line}" for number, line in enumerate(lines, 1) if FOREIGN.search(line)]

    assert foreign == []


def test_names_say_what_a_thing_is() -> None:
    vague = []
    for name in MODULES:
        text = (ROOT / name).read_text()
        names = [Path(name).stem, *_defined(ast.parse(text))]
        vague += [f"{name}: {each}" for each in names if VAGUE.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", each))]
        vague += [f"{name}: {found[0]}" for found in CSQ_AS_RSSI.finditer(text)]

    assert vague == []


def test_every_silenced_rule_is_named() -> None:
    bare = re.compile(r"#\s*noqa(?!:)|#\s*type:\s*ignore(?!\[)")
    found = []
    for name in MODULES:
        with (ROOT / name).open("rb") as stream:
            comments = [token for token in tokenize.tokenize(stream.readline) if token.type == tokenize.COMMENT]
        found += [f"{name}:{each.start[0]} {each.string}" for each in comments if bare.search(each.string)]

    assert found == []


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
