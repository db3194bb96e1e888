"""`irzhub token ...`: shown once, kept as a digest."""

import hashlib
from pathlib import Path

from irzhub.core.clock import SystemClock
from irzhub.storage import accounts, local
from irzhub.storage.audit import read_audit
from irzhub.storage.organisations import OrganisationRow, add_organisation
from tests.cli.conftest import Irzhub


def stored(folder: Path) -> list[accounts.TokenRow]:
    with local.open_beside(folder / "config" / "data") as connection:
        return accounts.list_tokens(connection)


def test_the_token_is_the_last_word_and_only_its_digest_is_kept(irzhub: Irzhub, tmp_path: Path) -> None:
    done = irzhub("token", "add", "SCADA Север", "--role", "viewer")
    token = done.out.split()[-1]
    (row,) = stored(tmp_path)

    assert done.status == 0
    assert (row.name, row.role, row.expires_at) == ("SCADA Север", "viewer", None)
    assert row.hash == hashlib.sha256(token.encode()).hexdigest()
    assert len(token) >= 40
    assert not any(token.encode() in file.read_bytes() for file in (tmp_path / "config" / "data").iterdir())


def test_list_and_revoke(irzhub: Irzhub, tmp_path: Path) -> None:
    assert irzhub("token", "list").out == "no tokens yet: irzhub token add NAME --role viewer\n"
    token = irzhub("token", "add", "scada", "--role", "operator", "--expires", "90d").out.split()[-1]

    listed = irzhub("token", "list").out
    assert "scada" in listed
    assert "never" in listed
    assert token not in listed
    assert irzhub("token", "revoke", "scada").out == "token scada revoked\n"
    assert "revoked" in irzhub("token", "list").out
    again = irzhub("token", "revoke", "scada")
    assert (again.status, again.err) == (1, "irzhub: there is no living token 'scada'\n")
    assert stored(tmp_path)[0].revoked_at is not None


def test_a_living_name_is_given_once(irzhub: Irzhub) -> None:
    assert irzhub("token", "add", "scada", "--role", "viewer").status == 0
    assert irzhub("token", "add", "scada", "--role", "viewer").status == 1
    irzhub("token", "revoke", "scada")
    assert irzhub("token", "add", "scada", "--role", "viewer").status == 0


def test_wrong_use(irzhub: Irzhub) -> None:
    assert irzhub("token", "add", "x", "--role", "viewer", "--expires", "soon").status == 2
    assert irzhub("token", "add", "\x1b[2J", "--role", "viewer").status == 2


def test_a_token_of_a_part_of_the_fleet(irzhub: Irzhub, tmp_path: Path) -> None:
    data_dir = tmp_path / "config" / "data"
    with local.open_beside(data_dir) as connection:
        add_organisation(connection, OrganisationRow("north", "Север", "", SystemClock().now()))

    done = irzhub("token", "add", "scada", "--role", "viewer", "--scope", "organisation=north", "--scope", "group=a/b")
    assert done.status == 0, done.err
    with local.open_beside(data_dir) as connection:
        row = accounts.list_tokens(connection)[0]
        entry = read_audit(connection, 0, 10)[-1]

    assert (row.organisations, row.groups) == (("north",), ("a/b",))
    assert "north, a/b" in irzhub("token", "list").out
    assert (entry.action, entry.object, entry.source) == ("create_token", {"name": "scada"}, "console")
    assert entry.actor.startswith("cli:")
    assert "irz_" not in str(entry)
    assert irzhub("token", "add", "x", "--role", "viewer", "--scope", "organisation=south").status == 1
    assert irzhub("token", "add", "x", "--role", "viewer", "--scope", "north").status == 2
