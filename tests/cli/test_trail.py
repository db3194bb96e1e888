"""What the command line changes stands in the audit, without secrets."""

from pathlib import Path

from irzhub.storage.audit import read_audit
from irzhub.storage.local import open_beside
from tests.cli.conftest import Irzhub


def test_every_change_of_an_account_has_its_row(irzhub: Irzhub, tmp_path: Path) -> None:
    irzhub("user", "add", "anna", "--role", "viewer", "--password-stdin", typed="correct horse battery\n")
    irzhub("user", "passwd", "anna", "--password-stdin", typed="another long secret\n")
    irzhub("token", "add", "scada", "--role", "viewer")
    irzhub("token", "revoke", "scada")
    irzhub("user", "remove", "anna")
    irzhub("user", "remove", "anna")

    with open_beside(tmp_path / "config" / "data") as connection:
        rows = read_audit(connection, 0, 10)

    actions = ["create_user", "set_user_password", "create_token", "revoke_token", "delete_user"]
    assert [row.action for row in rows] == actions
    assert {row.source for row in rows} == {"console"}
    assert all(row.actor.startswith("cli:") for row in rows)
    assert "horse" not in str(rows)
