"""Pages of short lists."""

from irzhub.web.listing import ListQuery, list_page

ITEMS = [{"id": name, "name": name.upper()} for name in ("c", "a", "b", "d")]


def test_pages_follow_each_other_in_the_order_of_the_key() -> None:
    first = list_page(ITEMS, "id", ListQuery(limit=3))
    second = list_page(ITEMS, "id", ListQuery(limit=3, cursor=first["next"]))

    assert [each["id"] for each in first["items"]] == ["a", "b", "c"]
    assert (first["next"], first["total"]) == ("c", 4)
    assert ([each["id"] for each in second["items"]], second["next"]) == (["d"], None)


def test_every_word_of_the_filter_stands_somewhere() -> None:
    assert list_page(ITEMS, "id", ListQuery(filter="B b"))["total"] == 1
    assert list_page(ITEMS, "id", ListQuery(filter="a b"))["total"] == 0
