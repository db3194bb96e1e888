from irzhub.storage.local import Connection
from irzhub.storage.published import add_published, list_published, remove_published


def test_topics_are_listed_per_modem(local: Connection) -> None:
    add_published(local, [("a", "t1"), ("a", "t2")])
    add_published(local, [("a", "t2"), ("a", "t3")])
    add_published(local, [("b", "t4")])

    assert list_published(local) == {"a": {"t1", "t2", "t3"}, "b": {"t4"}}
    assert list_published(local, "b") == {"b": {"t4"}}


def test_blanked_topics_leave_the_list(local: Connection) -> None:
    add_published(local, [("a", "t1"), ("a", "t2"), ("a", "t3")])
    remove_published(local, "a", ["t1"])
    assert list_published(local) == {"a": {"t2", "t3"}}
    remove_published(local, "a")
    assert list_published(local) == {}


def test_nothing_to_add_is_no_fault(local: Connection) -> None:
    add_published(local, [])

    assert list_published(local) == {}
