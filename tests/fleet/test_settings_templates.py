"""Templates in memory and on the disk, and the orders that they make."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from irzhub.core.clock import SystemClock
from irzhub.core.state import ModemState
from irzhub.fleet.settings_templates import SettingsRefused, SettingsTemplates, read_lines
from irzhub.storage.local import LocalStore
from tests.fleet.conftest import IMEI

STATE = ModemState(modem=IMEI, imei=IMEI, name="Boiler", model="ATM31", port=20001)


@pytest.fixture
async def templates(tmp_path: Path) -> AsyncIterator[SettingsTemplates]:
    async with LocalStore(tmp_path) as store:
        yield SettingsTemplates(store, SystemClock())


async def test_values_come_from_the_modem_the_order_its_template_in_this_order(templates: SettingsTemplates) -> None:
    row = await templates.create(
        "anna",
        name="x",
        lines=["AT$IRZ_LOGIN={{login}}", "AT$SIM_APN1={{apn}}", "AT$SIM_USER1={{imei}}"],
        defaults={"login": "gate", "apn": "internet", "imei": "forged"},
        modem_values={IMEI: {"apn": "vpn.local"}},
    )
    order = templates.order(IMEI, template=row.id, values={"login": "door"})
    assert [line.value for line in order.render(STATE).lines] == ["door", "vpn.local", IMEI]
    other = templates.order("868441036775299", template=row.id)
    assert other.render(STATE).lines[1].value == "internet"
    assert templates.order(None, template=row.id, lines=["AT$IRZ_PWD={{pwd}}"]).waits_for == ("pwd",)


async def test_they_survive_a_restart_and_can_be_removed(templates: SettingsTemplates) -> None:
    row = await templates.create("anna", name="x", lines=["at$sim_main=1"])
    changed = await templates.edit(row.id, "boris", name="y")
    again = SettingsTemplates(templates.store, SystemClock())
    await again.load()
    assert again.all() == [changed]
    assert (changed.lines, changed.updated_by) == (["AT$SIM_MAIN=1"], "boris")
    await again.delete(row.id)
    with pytest.raises(SettingsRefused, match="no such template"):
        again.order(None, template=row.id)


async def test_the_values_of_secrets_are_never_kept(templates: SettingsTemplates) -> None:
    for given in ({"defaults": {"p": "Zaq12345"}}, {"modem_values": {IMEI: {"p": "Zaq12345"}}}):
        with pytest.raises(SettingsRefused, match="never kept") as refused:
            await templates.create("anna", name="x", lines=["AT$IRZ_PWD={{p}}"], **given)
        assert "Zaq" not in str(refused.value)


def test_every_wrong_line_is_told() -> None:
    with pytest.raises(SettingsRefused) as refused:
        read_lines(["AT$SIM_MAIN=1", "what", "AT$TOAST=1"])
    assert [position for position, _ in refused.value.errors] == [1, 2]
    with pytest.raises(SettingsRefused, match="1 to 500"):
        read_lines([])
