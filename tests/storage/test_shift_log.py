"""The shift log: from new to old, and the last line of a kind."""

from datetime import timedelta

from irzhub.storage.local import Connection
from irzhub.storage.shift_log import ShiftEntry, add_entry, last_of_kind, list_entries, purge_entries
from tests.storage.rows import NOW


def test_lines_come_back_from_new_to_old(local: Connection) -> None:
    for number, kind in enumerate(("taken", "note", "opened")):
        at = NOW + timedelta(hours=number)
        add_entry(local, ShiftEntry(id=f"0{number}", at=at, by="анна", kind=kind, facts={"n": number}, text="да"))

    assert [row.kind for row in list_entries(local)] == ["opened", "note", "taken"]
    assert [row.kind for row in list_entries(local, before="02", since=NOW + timedelta(hours=1))] == ["note"]
    found = last_of_kind(local, "taken", "handed_over")
    assert found is not None and found.facts == {"n": 0} and last_of_kind(local, "visit") is None
    assert purge_entries(local, NOW + timedelta(hours=1)) == 1
