"""Templates come back as they were stored."""

from dataclasses import replace
from datetime import UTC, datetime

from irzhub.storage.local import LocalStore
from irzhub.storage.settings_templates import SettingsTemplateRow, delete_template, load_templates, save_template

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ROW = SettingsTemplateRow(
    id="01JD0000000000000000000001",
    name="Котельные",
    lines=["AT$SIM_APN1={{apn}}"],
    defaults={"apn": "internet"},
    modem_values={"868441036775234": {"apn": "vpn"}},
    created_at=NOON,
    updated_at=NOON,
    updated_by="anna",
)


async def test_a_template_is_kept_replaced_and_removed(store: LocalStore) -> None:
    await store.write(lambda c: save_template(c, ROW))
    assert await store.read(load_templates) == [ROW]
    changed = replace(ROW, name="Подстанции", may_be_unknown=True)
    await store.write(lambda c: save_template(c, changed))
    assert await store.read(load_templates) == [changed]
    await store.write(lambda c: delete_template(c, ROW.id))
    assert await store.read(load_templates) == []
