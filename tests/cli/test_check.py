"""`irzhub check`."""

from pathlib import Path

from tests.cli.conftest import Irzhub


def test_nothing_written_is_good(irzhub: Irzhub) -> None:
    done = irzhub("check")

    assert (done.status, done.out, done.err) == (0, "config/irzhub.yaml: missing, so all is as by default\n", "")


def test_good_files(irzhub: Irzhub, tmp_path: Path) -> None:
    (tmp_path / "irzhub.yaml").write_text("relay: {polling: {allow: [any]}}\n")
    rule = "- {id: door, triggers: [{trigger: gpi}], actions: [{action: notify, target: duty, text: door}]}\n"
    (tmp_path / "automations.yaml").write_text(rule)

    done = irzhub("check", "--config", ".")

    assert done.status == 0
    assert done.out == (
        "warning: relay.polling.allow: any: whoever reaches a polling port talks to the meter\n"
        "irzhub.yaml: good\n"
        "automations.yaml: 1 automations, good\n"
    )


def test_wrong_settings(irzhub: Irzhub, tmp_path: Path) -> None:
    (tmp_path / "irzhub.yaml").write_text("web: {prot: 1}\n")

    done = irzhub("check", "--config", ".")

    assert (done.status, done.out) == (1, "")
    assert "irzhub.yaml, line 1: web.prot: unknown key; did you mean `port`?" in done.err


def test_wrong_automations(irzhub: Irzhub, tmp_path: Path) -> None:
    (tmp_path / "automations.yaml").write_text("- id: door\n  triger: []\n")

    done = irzhub("check", "--config", ".")

    assert done.status == 1
    assert "automations.yaml, line 2: [0].triger: unknown key; did you mean `triggers`?" in done.err
