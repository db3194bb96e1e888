"""Places and overlays of what was written."""

from irzhub.config.tree import Place, Problem, Tree, find_value, show_path
from irzhub.config.yaml_file import read_yaml


def test_paths_read_as_people_write_them() -> None:
    assert show_path(("relay", "polling", "pools", 0, "first")) == "relay.polling.pools[0].first"
    assert str(Problem(Place("hub.yaml", 3), ("web", "port"), "expected 1")) == "hub.yaml, line 3: web.port: expected 1"
    assert str(Problem(Place("hub.yaml"), (), "is UTF-16")) == "hub.yaml: is UTF-16"


def test_values_are_found_through_mappings_and_lists() -> None:
    value = {"pools": [{"first": 1}, {"first": 2}]}

    assert find_value(value, ("pools", 1, "first")) == 2
    assert find_value(value, ("pools", 7, "first")) is None
    assert find_value(value, ("pools", "first")) is None
    assert find_value(value, ()) is value


def test_the_place_of_a_missing_thing_is_that_of_what_surrounds_it() -> None:
    tree, _ = read_yaml("web:\n  port: 1\n", "f")

    assert str(tree.place(("web", "port"))) == "f, line 2"
    assert str(tree.place(("web", "host"))) == "f, line 1"
    assert str(tree.place(("relay",))) == "f, line 1"


def test_an_overlay_merges_mappings_and_replaces_the_rest() -> None:
    tree, _ = read_yaml("a: {b: 1, c: [1, 2]}\nd: 1\n", "file")
    over, _ = read_yaml("{c: [3], e: 4}", "variable")
    tree.overlay(("a",), over)
    tree.overlay(("d", "x"), Tree(5, {(): Place("variable")}))

    assert tree.value == {"a": {"b": 1, "c": [3], "e": 4}, "d": {"x": 5}}
    assert tree.place(("a", "b")) == Place("file", 1)
    assert tree.place(("a", "c", 0)) == Place("variable", 1)


def test_an_overlaid_secret_is_no_secret_any_more() -> None:
    tree = Tree({"password": "x"}, {}, {("password",)})
    assert tree.is_hidden(("password",))

    tree.overlay(("password",), Tree("y", {(): Place("variable")}))

    assert not tree.is_hidden(("password",))
