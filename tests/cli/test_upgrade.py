"""`irzhub upgrade`, by itself; with a hub in tests/e2e."""

import json
import os
from pathlib import Path

from irzhub.storage.lock import DataDirLock
from tests.cli.conftest import Irzhub


def test_without_a_hub_there_is_nothing_to_replace(irzhub: Irzhub) -> None:
    done = irzhub("upgrade")

    assert (done.status, done.out) == (1, "")
    assert "no hub runs on" in done.err


def test_a_process_that_does_not_know_the_signal_is_not_sent_it(irzhub: Irzhub, tmp_path: Path) -> None:
    lock = DataDirLock(tmp_path / "data")
    (tmp_path / "data").mkdir()
    lock.acquire()  # by this very process, which the signal would end
    (tmp_path / "irzhub.yaml").write_text(f"hub: {{data_dir: {tmp_path / 'data'}}}\n")
    try:
        done = irzhub("upgrade", "--config", ".")
    finally:
        lock.release()

    assert done.status == 1
    assert f"the hub {os.getpid()} is starting, or of a version that cannot be replaced" in done.err


def test_the_trial_of_a_version_says_what_it_is(irzhub: Irzhub) -> None:
    done = irzhub("upgrade", "--rehearse")

    assert done.status == 0, done.err
    assert json.loads(done.out)["hub_id"] == "main"
