"""How commands find the configuration."""

from pathlib import Path

from tests.cli.conftest import Irzhub


def test_the_folder_may_come_from_the_environment(irzhub: Irzhub, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "irzhub.yaml").write_text("hub: {id: north}\n")

    assert irzhub("check", IRZHUB_CONFIG="here").out == "here/irzhub.yaml: good\n"
    assert irzhub("check", "--config", "there", IRZHUB_CONFIG="here").out.startswith("there/irzhub.yaml: missing")
