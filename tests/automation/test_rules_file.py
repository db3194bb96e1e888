"""The file of the rules: read, seen to change, replaced in one step."""

import os
from pathlib import Path

import pytest

from irzhub.automation.desk import RulesChanged
from irzhub.automation.rules_file import RulesFile

TEXT = "- id: дверь\n"


def test_no_file_is_an_empty_text_that_can_be_written(tmp_path: Path) -> None:
    file = RulesFile(tmp_path / "config")
    text, version = file.text()
    assert text == ""
    file.write(TEXT, version)
    assert file.path.read_text("utf-8") == TEXT
    assert [each.name for each in file.config_dir.iterdir()] == ["automations.yaml"]


def test_what_somebody_else_wrote_meanwhile_is_not_lost(tmp_path: Path) -> None:
    file = RulesFile(tmp_path)
    file.write(TEXT, None)
    version = file.text()[1]
    file.path.write_text("- id: other\n")
    with pytest.raises(RulesChanged, match="changed by somebody else"):
        file.write("mine", version)
    assert file.text()[0] == "- id: other\n"
    file.write("mine", None)
    assert file.text()[0] == "mine"


def test_rights_stay_as_they_are(tmp_path: Path) -> None:
    file = RulesFile(tmp_path)
    file.write(TEXT, None)
    assert file.path.stat().st_mode & 0o777 == 0o640
    file.path.chmod(0o600)
    file.write("more", None)
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_a_disk_that_does_not_take_it_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = RulesFile(tmp_path)
    file.write(TEXT, None)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        file.write("more", None)
    assert file.text()[0] == TEXT
    assert [each.name for each in tmp_path.iterdir()] == ["automations.yaml"]


@pytest.mark.parametrize("name", ["automations.yaml", "secrets.yaml", "blueprints/door.yaml"])
def test_a_change_of_any_of_its_files_is_seen(tmp_path: Path, name: str) -> None:
    file = RulesFile(tmp_path)
    before = file.stamp()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("a: 1")
    with_it = file.stamp()
    (tmp_path / name).write_text("a: 12")
    assert len({before, with_it, file.stamp()}) == 3
    assert file.stamp() == file.stamp()
