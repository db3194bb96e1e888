"""Maintenance windows come back as they were."""

from dataclasses import replace
from datetime import timedelta

from irzhub.storage.local import Connection
from irzhub.storage.maintenance import delete_window, list_windows, save_window
from tests.storage.alert_rows import WINDOW
from tests.storage.rows import NOW


def test_windows_come_back_until_they_are_over_or_removed(local: Connection) -> None:
    early = replace(WINDOW, id="01L", group=None, since=NOW - timedelta(hours=3), until=NOW)
    save_window(local, WINDOW)
    save_window(local, early)

    assert list_windows(local) == [early, WINDOW]
    assert list_windows(local, until_after=NOW) == [WINDOW]
    delete_window(local, WINDOW.id)
    assert list_windows(local) == [early]
