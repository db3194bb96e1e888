"""Tags of what was read."""

from irzhub.web.etag import entity_tag


def test_a_tag_changes_with_the_value_and_not_with_the_order() -> None:
    assert entity_tag({"a": 1, "b": "дом"}) == entity_tag({"b": "дом", "a": 1})
    assert entity_tag({"a": 1}) != entity_tag({"a": 2})
    assert entity_tag({}).startswith('"')
