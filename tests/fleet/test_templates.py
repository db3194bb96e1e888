from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from irzhub.codec.errors import LocalProtocolError
from irzhub.codec.irz.templates import KNOWN
from irzhub.core.clock import SystemClock
from irzhub.core.exceptions import CommandError
from irzhub.core.services import ModemCommand
from irzhub.fleet.templates import CommandTemplates
from irzhub.storage.local import LocalStore


@pytest.fixture
async def templates(tmp_path: Path) -> AsyncIterator[CommandTemplates]:
    async with LocalStore(tmp_path) as store:
        yield CommandTemplates(store, SystemClock())


def command(name: str, via: str = "gprs", phone: str | None = None, **args: object) -> ModemCommand:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return ModemCommand(modem="1" * 15, command=name, args=args, expires_at=now, via=via, phone=phone)  # type: ignore[arg-type]


async def test_a_change_holds_at_once_and_after_a_restart(templates: CommandTemplates) -> None:
    with pytest.raises(LocalProtocolError, match="the template pulse is off"):
        templates.check(command("pulse", output=1))

    await templates.change("pulse", "anna", text="$pulse{output}")
    await templates.change("pulse", "boris", is_enabled=True)
    templates.check(command("pulse", output=1))
    again = CommandTemplates(templates.store, templates.clock)
    await again.load()

    view = again.get("pulse")
    assert (view.text, view.is_enabled, view.row and view.row.changed_by) == ("$pulse{output}", True, "boris")
    assert again.form_of("pulse", {"output": 1}) == "$pulse{output}"
    assert (await again.reset("pulse")).row is None
    assert again.forms()["pulse"] is None


async def test_all_are_shown(templates: CommandTemplates) -> None:
    assert [view.name for view in templates.all()] == list(KNOWN)
    assert templates.form_of("signal", {}) is None


async def test_a_wrong_text_changes_nothing(templates: CommandTemplates) -> None:
    with pytest.raises(LocalProtocolError, match="nothing else in braces"):
        await templates.change("standby", "anna", text="$wait{x}")

    assert templates.get("standby").row is None


async def test_an_sms_wants_a_number_and_a_command_that_has_a_form(templates: CommandTemplates) -> None:
    templates.check(command("reboot", via="sms", phone="+79211234567"))
    assert templates.sms_text("reboot", {}, "1234") == "1234 reboot"
    with pytest.raises(CommandError, match="phone: expected the number"):
        templates.check(command("reboot", via="sms"))
    with pytest.raises(LocalProtocolError, match="for SMS, got 'cell'"):
        templates.check(command("cell", via="sms", phone="+79211234567"))
