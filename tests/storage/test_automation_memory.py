"""What automations have begun comes back as it was, in the order in which it is due."""

from datetime import timedelta

from irzhub.storage.automation_memory import KeptRow, change_kept, load_kept, load_traces, save_traces
from irzhub.storage.local import Connection
from tests.storage.rows import NOW

LATER = KeptRow(key="hold/door/0/1", kind="hold", rule="door", due=NOW + timedelta(minutes=5), data={"trigger": 0})
SOONER = KeptRow(key="run/01K", kind="run", rule="night", due=NOW, data={"log": [True, "told", None]})


def test_what_waits_is_replaced_and_forgotten_by_its_key(local: Connection) -> None:
    change_kept(local, [LATER, SOONER], [])
    assert load_kept(local) == [SOONER, LATER]

    again = KeptRow(key=SOONER.key, kind="run", rule="night", due=None, data={"log": []})
    change_kept(local, [again], [LATER.key, "hold/nothing"])
    assert load_kept(local) == [again]


def test_a_thousand_waits_end_at_once(local: Connection) -> None:
    rows = [KeptRow(key=f"hold/{n}", kind="hold", rule="storm", due=NOW, data={}) for n in range(1200)]
    change_kept(local, rows, [])
    change_kept(local, [], [row.key for row in rows])
    assert load_kept(local) == []


def test_traces_are_kept_by_rule_until_there_are_none(local: Connection) -> None:
    save_traces(local, {"door": [{"id": "1"}], "night": [{"id": "2"}]}, NOW)
    save_traces(local, {"door": [{"id": "3"}, {"id": "1"}], "night": []}, NOW)
    assert load_traces(local) == {"door": [{"id": "3"}, {"id": "1"}]}
