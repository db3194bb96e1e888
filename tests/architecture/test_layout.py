"""How the tree looks: tests mirror the source, files stay small, what is public says what it is."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from tests.conftest import ROOT

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
LINES = 400
LONGER: dict[str, str] = {}
"""Files that may have more lines, each with the reason; one that has become small must leave the list."""

WITHOUT_TEST: dict[str, str] = {
    "irzhub/__main__.py": "every test in tests/cli goes through it",
    "irzhub/const.py": "two constants",
}
"""Files that have no test of their own, each with the reason."""

OF_NO_MODULE: dict[str, str] = {
    "tests/codec/test_protocol_page.py": "the page about the protocol, against the codec",
    "tests/mqtt/test_faults.py": "the whole part while its broker is killed, stalled and denied",
    "tests/web/test_permission_matrix.py": "every route with every role, walked from the router",
}
"""Tests that belong to no one module, each with the reason; those whose docstring says `of the whole part` may too."""

_SOURCES = [*sorted((ROOT / "irzhub").rglob("*.py")), *sorted((ROOT / "integrations").rglob("*.py"))]
SOURCES = [str(file.relative_to(ROOT)) for file in _SOURCES if "__pycache__" not in file.parts]
MODULES = [name for name in SOURCES if not name.endswith("__init__.py") and "/migrations/" not in name]


def test_no_file_is_long() -> None:
    long = {name for name in SOURCES if len((ROOT / name).read_text().splitlines()) > LINES}

    advice = "split them, or list them with the reason; what has become small leaves the list"
    assert long == set(LONGER), f"{advice}: {sorted(long ^ set(LONGER))}"


def test_every_module_has_its_test() -> None:
    missing = {name for name in MODULES if not _test_of(name).exists()}

    advice = "write the test, or list the module with the reason"
    assert missing == set(WITHOUT_TEST), f"{advice}: {sorted(missing ^ set(WITHOUT_TEST))}"


def test_every_test_has_its_module() -> None:
    areas = {Path(name).parent.relative_to("irzhub") for name in MODULES if name.startswith("irzhub/")}
    expected = {_test_of(name) for name in MODULES}
    orphans = {
        str(test.relative_to(ROOT))
        for area in areas - {Path()}
        for test in (ROOT / "tests" / area).glob("test_*.py")
        if test not in expected and "of the whole part" not in (ast.get_docstring(ast.parse(test.read_text())) or "")
    }

    advice = "name it after its module, or list it with the reason"
    assert orphans == set(OF_NO_MODULE), f"{advice}: {sorted(orphans ^ set(OF_NO_MODULE))}"


def test_what_is_public_says_what_it_is() -> None:
    trees = {name: ast.parse((ROOT / name).read_text()) for name in MODULES}
    declared = {method for tree in trees.values() for method in _declared(tree)}
    silent = [name for name, tree in trees.items() if not ast.get_docstring(tree)]
    for name, tree in trees.items():
        silent += [
            f"{name}:{node.lineno} {node.name}"
            for node in _public(tree)
            if ast.get_docstring(node) is None and node.name not in declared
        ]

    assert silent == [], "\n".join(silent)


def _declared(tree: ast.Module) -> Iterator[str]:
    """Yield the documented methods of protocols: whoever implements one has its contract from there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(
            isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases
        ):
            yield from (each.name for each in _methods(node) if ast.get_docstring(each))


def _public(tree: ast.Module) -> Iterator[ast.ClassDef | Function]:
    """Yield every class, public functions, and public methods of classes that inherit from nothing.

    A method that may be an override has its contract where it was declared first.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node
            if not node.bases and not node.name.startswith("_"):
                yield from (each for each in _methods(node) if not each.name.startswith("_"))
    yield from (each for each in tree.body if isinstance(each, Function) and not each.name.startswith("_"))


def _methods(node: ast.ClassDef) -> Iterator[Function]:
    yield from (each for each in node.body if isinstance(each, Function))


def _test_of(name: str) -> Path:
    path = Path(name)
    folder = path.parent.relative_to("irzhub") if path.parts[0] == "irzhub" else path.parent
    return ROOT / "tests" / folder / f"test_{path.name}"
