from irzhub.storage.local import Connection
from irzhub.storage.meta import delete_meta, get_meta, set_meta


def test_a_key_holds_the_last_text(local: Connection) -> None:
    assert get_meta(local, "clean_stop") is None
    set_meta(local, "clean_stop", "yes")
    set_meta(local, "clean_stop", "no")
    assert get_meta(local, "clean_stop") == "no"
    delete_meta(local, "clean_stop")
    assert get_meta(local, "clean_stop") is None
