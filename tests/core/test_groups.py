import pytest

from irzhub.core.groups import is_within, lineage, moved, normal_path, parent_of


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Север", "Север"),
        (" Север / Котельные ", "Север/Котельные"),
        ("/Север//Котельные/", "Север/Котельные"),
        (" / ", ""),
        ("", ""),
    ],
)
def test_a_path_has_one_form(written: str, kept: str) -> None:
    assert normal_path(written) == kept


@pytest.mark.parametrize("written", ["/".join("abcdefghi"), "x" * 201])
def test_a_path_has_its_limits(written: str) -> None:
    with pytest.raises(ValueError, match="at most 8 names and 200 characters"):
        normal_path(written)


def test_a_path_lies_in_all_that_it_begins_with() -> None:
    assert list(lineage("a/b/c")) == ["a", "a/b", "a/b/c"]
    assert list(lineage("a")) == ["a"]
    assert list(lineage("")) == []


def test_the_parent_of_an_outermost_group_is_none() -> None:
    assert parent_of("a/b/c") == "a/b"
    assert parent_of("a") == ""


@pytest.mark.parametrize(
    ("path", "group", "within"),
    [
        ("Север", "Север", True),
        ("Север/Котельные", "Север", True),
        ("Северный", "Север", False),
        ("Юг", "Север", False),
        ("Север", "Север/Котельные", False),
    ],
)
def test_a_subtree_is_no_prefix_of_letters(path: str, group: str, within: bool) -> None:
    assert is_within(path, group) is within


def test_a_subtree_moves_with_its_root() -> None:
    assert moved("a/b/c", "a/b", "x") == "x/c"
    assert moved("a/b", "a/b", "x/y") == "x/y"
