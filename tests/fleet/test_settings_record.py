"""What was sent and what was read, compared; secrets are known by their time only."""

from pathlib import Path

from irzhub.codec.irz.settings.lines import SettingLine
from irzhub.core.clock import SystemClock
from irzhub.fleet.settings_record import SettingsRecord
from irzhub.storage.local import LocalStore
from tests.fleet.conftest import IMEI


async def test_differences_are_found_and_secrets_are_not_kept(tmp_path: Path) -> None:
    async with LocalStore(tmp_path) as store:
        record = SettingsRecord(store, SystemClock())
        sent = [
            SettingLine("SIM_MAIN", "1"),
            SettingLine("CLNT_IPP1", "Hub.local,5009"),
            SettingLine("SIM_PIN1", "9876"),
        ]
        await record.sent(IMEI, sent, "gprs")
        read = [SettingLine("SIM_MAIN", "2"), SettingLine("CLNT_IPP1", "hub.local,5009"), SettingLine("WDT_INTV", "24")]
        await record.was_read(IMEI, read, "dump")
        known = {each.row.name: each for each in await record.of(IMEI)}
        assert {name: each.differs for name, each in known.items()} == {
            "SIM_MAIN": True,
            "CLNT_IPP1": False,
            "SIM_PIN1": None,
            "WDT_INTV": None,
        }
        assert (known["SIM_PIN1"].is_secret, known["SIM_PIN1"].row.sent) == (True, None)
        assert known["SIM_PIN1"].row.sent_at is not None
        await record.forget(IMEI)
        assert await record.of(IMEI) == []
