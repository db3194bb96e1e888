"""Entries of the directory and runs of ladders come back as they went in."""

import dataclasses
from datetime import timedelta
from typing import Final

from irzhub.storage.directory import (
    DirectoryRow,
    EscalationRow,
    delete_entry,
    load_climbing,
    load_directory,
    prune_runs,
    runs_of,
    save_entry,
    save_run,
)
from irzhub.storage.local import Connection
from tests.storage.rows import NOW

ANNA: Final = DirectoryRow(
    kind="contact", name="Анна", organisation="north", entry={"language": "ru"}, changed_at=NOW, changed_by="борис"
)


def test_an_entry_is_added_replaced_and_removed(local: Connection) -> None:
    save_entry(local, ANNA)
    other = dataclasses.replace(ANNA, kind="team")
    save_entry(local, other)
    changed = dataclasses.replace(ANNA, entry={"language": "en"})

    save_entry(local, changed)
    assert sorted(load_directory(local), key=lambda row: row.kind) == [changed, other]

    delete_entry(local, "team", "Анна")
    assert load_directory(local) == [changed]


def test_a_ladder_climbs_until_it_ended(local: Connection) -> None:
    run = EscalationRow(incident=17, ladder="ночь", began_at=NOW, next_at=NOW, message={"text": "дверь"})
    save_run(local, run)
    assert load_climbing(local) == [run]

    ended = dataclasses.replace(run, next_at=None, ended_at=NOW, ended_by="анна")
    save_run(local, ended)
    assert load_climbing(local) == []
    assert runs_of(local, 17) == [ended]

    prune_runs(local, NOW + timedelta(seconds=1))
    assert runs_of(local, 17) == []
