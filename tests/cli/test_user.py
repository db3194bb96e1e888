"""`irzhub user ...`: accounts in the local store."""

from dataclasses import replace
from pathlib import Path

import argon2

from irzhub.storage import accounts, local
from tests.cli.conftest import Irzhub

GOOD = "correct horse battery"


def stored(folder: Path) -> list[accounts.UserRow]:
    with local.open_beside(folder / "config" / "data") as connection:
        return accounts.list_users(connection)


def test_the_life_of_an_account(irzhub: Irzhub, tmp_path: Path) -> None:
    assert irzhub("user", "list").out == "no users yet: irzhub user add NAME --role admin\n"

    added = irzhub("user", "add", "anna", "--role", "admin", "--password-stdin", typed=f"{GOOD}\n")
    assert (added.status, added.out) == (0, "user anna added as admin\n")
    first = stored(tmp_path)[0]
    assert (first.name, first.role) == ("anna", "admin")
    assert argon2.PasswordHasher().verify(first.password_hash, GOOD)
    assert "anna" in irzhub("user", "list").out

    changed = irzhub("user", "passwd", "anna", "--password-stdin", typed="another long secret\n")
    assert (changed.status, changed.out) == (0, "password of anna changed\n")
    assert argon2.PasswordHasher().verify(stored(tmp_path)[0].password_hash, "another long secret")

    assert irzhub("user", "remove", "anna").out == "user anna removed\n"
    assert stored(tmp_path) == []


def test_what_is_refused(irzhub: Irzhub, tmp_path: Path) -> None:
    short = irzhub("user", "add", "anna", "--role", "viewer", "--password-stdin", typed="short\n")
    assert (short.status, "expected at least 12 characters" in short.err) == (1, True)
    assert irzhub("user", "add", "Anna!", "--role", "viewer", "--password-stdin", typed=f"{GOOD}\n").status == 2
    assert irzhub("user", "remove", "nobody").status == 1
    assert irzhub("user", "passwd", "nobody", "--password-stdin", typed=f"{GOOD}\n").err == (
        "irzhub: there is no user 'nobody'\n"
    )
    assert stored(tmp_path) == []


def test_a_name_is_given_once(irzhub: Irzhub) -> None:
    command = ("user", "add", "anna", "--role", "viewer", "--password-stdin")
    assert irzhub(*command, typed=f"{GOOD}\n").status == 0

    again = irzhub(*command, typed=f"{GOOD}\n")

    assert again.status == 1
    assert "there is a user 'anna' already" in again.err


def test_who_lost_everything_is_helped_at_the_console(irzhub: Irzhub, tmp_path: Path) -> None:
    irzhub("user", "add", "anna", "--role", "admin", "--password-stdin", typed=f"{GOOD}\n")
    before = stored(tmp_path)[0]
    with local.open_beside(tmp_path / "config" / "data") as connection:
        accounts.save_user(connection, replace(before, totp_secret="A" * 32, recovery_codes=("x",)))

    done = irzhub("user", "passwd", "anna", "--reset-totp", "--password-stdin", typed="another long secret\n")

    assert done.out == "password of anna changed, the second factor is removed\n"
    anna = stored(tmp_path)[0]
    assert (anna.totp_secret, anna.recovery_codes) == (None, ())
    assert argon2.PasswordHasher().verify(anna.password_hash, "another long secret")


def test_an_account_of_an_organisation_needs_one_that_is_there(irzhub: Irzhub, tmp_path: Path) -> None:
    command = ("user", "add", "anna", "--role", "viewer", "--organisation", "north", "--password-stdin")

    assert irzhub(*command, typed=f"{GOOD}\n").err == "irzhub: there is no organisation 'north'\n"
    assert stored(tmp_path) == []
