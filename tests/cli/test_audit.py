"""`irzhub audit verify`: what was tampered with is named."""

import sqlite3
from pathlib import Path

from tests.cli.conftest import Irzhub

PASSWORD = "correct horse battery\n"


def add_three(irzhub: Irzhub, **environment: str) -> None:
    for name in ("anna", "boris", "vera"):
        command = ("user", "add", name, "--role", "viewer", "--password-stdin")
        assert irzhub(*command, typed=PASSWORD, **environment).status == 0


def tamper(tmp_path: Path, statement: str) -> None:
    with sqlite3.connect(tmp_path / "config" / "data" / "hub.db") as connection:
        connection.execute(statement)
    connection.close()


def test_a_whole_chain_and_one_row_changed(irzhub: Irzhub, tmp_path: Path) -> None:
    assert irzhub("audit", "verify").out == "the audit is whole: no rows yet\n"
    add_three(irzhub)
    assert irzhub("audit", "verify").out == "the audit is whole: rows 1 to 3\n"

    tamper(tmp_path, 'UPDATE audit SET object = \'{"user":"nobody"}\' WHERE seq = 2')

    done = irzhub("audit", "verify")
    assert done.status == 1
    assert done.err.startswith("irzhub: the audit is not whole: row 2 was changed")


def test_a_row_removed_at_the_end_is_missed(irzhub: Irzhub, tmp_path: Path) -> None:
    add_three(irzhub)
    tamper(tmp_path, "DELETE FROM audit WHERE seq = 3")

    assert "row 3 to 3 is missing at the end" in irzhub("audit", "verify").err


def test_the_key_is_that_of_the_configuration(irzhub: Irzhub) -> None:
    key = {"IRZHUB__AUDIT__KEY": "a key of the audit"}
    add_three(irzhub, **key)

    assert irzhub("audit", "verify", **key).status == 0
    assert "the key is another one" in irzhub("audit", "verify").err
