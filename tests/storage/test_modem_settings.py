"""Last sent and last read live side by side, each with its own time."""

from datetime import UTC, datetime, timedelta
from functools import partial

from irzhub.storage.local import LocalStore
from irzhub.storage.modem_settings import ModemSettingRow, forget_settings, list_settings, note_read, note_sent

MODEM = "868441036775234"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


async def test_what_was_sent_and_what_was_read_do_not_overwrite_each_other(store: LocalStore) -> None:
    await store.write(lambda c: note_sent(c, MODEM, {"SIM_MAIN": "1", "IRZ_PWD": None}, NOON, "gprs"))
    await store.write(lambda c: note_read(c, MODEM, {"SIM_MAIN": "2", "WDT_INTV": "24"}, LATER, "dump"))
    await store.write(lambda c: note_sent(c, MODEM, {"SIM_MAIN": "2"}, LATER, "sms"))
    rows = await store.read(lambda c: list_settings(c, MODEM))
    assert rows == [
        ModemSettingRow(modem=MODEM, name="IRZ_PWD", sent_at=NOON, sent_via="gprs"),
        ModemSettingRow(
            modem=MODEM,
            name="SIM_MAIN",
            sent="2",
            sent_at=LATER,
            sent_via="sms",
            read="2",
            read_at=LATER,
            read_from="dump",
        ),
        ModemSettingRow(modem=MODEM, name="WDT_INTV", read="24", read_at=LATER, read_from="dump"),
    ]


async def test_a_modem_is_forgotten_alone(store: LocalStore) -> None:
    for modem in (MODEM, "868441036775235"):
        await store.write(partial(note_sent, modem=modem, values={"SIM_MAIN": "1"}, at=NOON, via="gprs"))
    await store.write(lambda c: forget_settings(c, MODEM))
    assert await store.read(lambda c: list_settings(c, MODEM)) == []
    assert len(await store.read(lambda c: list_settings(c, "868441036775235"))) == 1
    await store.write(lambda c: note_sent(c, MODEM, {}, NOON, "gprs"))
    assert await store.read(lambda c: list_settings(c, MODEM)) == []
