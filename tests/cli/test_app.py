"""The command line as a whole: what it offers, and how it ends."""

import pytest
from syrupy.assertion import SnapshotAssertion

from irzhub.const import VERSION
from tests.cli.conftest import Irzhub

COMMANDS = ["run", "simulate", "check", "automations", "decode", "user", "token", "backup", "restore", "diagnose"]


@pytest.mark.parametrize("command", ["", *COMMANDS, "user add", "token add", "automations test", "simulate gsm-modem"])
def test_help(irzhub: Irzhub, snapshot: SnapshotAssertion, command: str) -> None:
    done = irzhub(*command.split(), "--help")

    assert (done.status, done.err) == (0, "")
    assert [line.rstrip() for line in done.out.splitlines()] == snapshot


def test_version(irzhub: Irzhub) -> None:
    assert irzhub("--version").out == f"irzhub {VERSION}\n"


def test_wrong_use_ends_with_2(irzhub: Irzhub) -> None:
    for arguments in (
        ["bogus"],
        ["run", "--bogus"],
        ["token", "add", "x"],
        ["token", "add", "x", "--role", "king"],
        ["user"],
    ):
        assert irzhub(*arguments).status == 2, arguments


def test_every_command_takes_the_folder_of_the_configuration(irzhub: Irzhub) -> None:
    for command in (
        *([each] for each in COMMANDS if each not in ("user", "token", "audit", "automations")),
        ["automations", "test"],
        ["user", "list"],
        ["token", "list"],
        ["audit", "verify"],
    ):
        assert "--config" in irzhub(*command, "--help").out, command


def test_what_an_operator_can_mend_ends_with_1_and_without_a_trace(irzhub: Irzhub) -> None:
    done = irzhub("check", IRZHUB__WEB__PORT="eighty")

    assert done.status == 1
    assert done.err == (
        "irzhub: 1 error in the configuration:\n"
        "  environment IRZHUB__WEB__PORT: web.port: expected a whole number from 0 to 65535, "
        'came "eighty"\n'
    )
