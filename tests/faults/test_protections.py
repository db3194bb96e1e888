"""The list of protections is whole: each fault, each fault test, and each text where it should be."""

import ast
import json
from pathlib import Path

import pytest

from tests.faults.bite import PAGE, RESULTS, ROOT, key, page, what_it_said
from tests.faults.protections import FAULTS, PROTECTIONS, Protection

HERE = Path(__file__).parent
OF_THE_RIG = {"test_proxy.py", "test_protections.py"}
SELF_CHECKS = {"test_the_test_is_able_to_find_a_loss"}


def names_of(path: Path) -> set[str]:
    """Return the names of the tests in a file."""
    found = ast.walk(ast.parse(path.read_text()))
    functions = (each for each in found if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    return {each.name for each in functions if each.name.startswith("test_")} - SELF_CHECKS


@pytest.mark.parametrize("protection", PROTECTIONS, ids=lambda each: f"{each.fault}-{each.test.rpartition('::')[2]}")
def test_what_is_taken_out_is_there_once_and_its_test_exists(protection: Protection) -> None:
    assert (ROOT / protection.file).read_text().count(protection.text) == 1
    assert protection.text != protection.without
    file, _, name = protection.test.partition("::")
    assert name in names_of(ROOT / "tests" / file)


def test_every_fault_and_every_fault_test_has_a_protection() -> None:
    listed = {each.test.rpartition("/")[2] for each in PROTECTIONS}
    present = {
        f"{path.name}::{name}"
        for path in HERE.glob("test_*.py")
        if path.name not in OF_THE_RIG
        for name in names_of(path)
    }

    assert present <= listed
    assert {each.fault for each in PROTECTIONS} == FAULTS.keys()


def test_words_are_found_in_what_a_test_said() -> None:
    output = "x\nE   AssertionError: lost 3,  unexpected 0\nE   more"

    assert what_it_said(output, r"lost [1-9]") == "AssertionError: lost 3, unexpected 0"
    assert what_it_said(output, r"lost 0") == ""


def test_the_page_is_made_of_the_results() -> None:
    results = json.loads(RESULTS.read_text())

    assert PAGE.read_text() == page(results), "make faults-bite BITE=missing"
    assert results.keys() <= {key(each) for each in PROTECTIONS}
