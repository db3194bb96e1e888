"""The factory's values in the tables, as the vendor's manual gives them."""

import pytest

from irzhub.codec.irz.settings.table_modem import CLOCK, MODEM, SIM

TABLE = {setting.name: setting for setting in (*MODEM, *CLOCK, *SIM)}


@pytest.mark.parametrize(
    ("name", "default"),
    [("SIM_RTN", "20"), ("SIM_CHG", "30"), ("WDT_INTV", "24"), ("SIM_MAIN", "1"), ("ATM_DEBUG", "1")],
)
def test_the_factorys_value(name: str, default: str) -> None:
    setting = TABLE[name]
    assert ",".join(each.default or "" for each in setting.fields) == default
    assert setting.why_wrong(default) is None


def test_names_are_written_as_the_vendor_does() -> None:
    assert all(name == name.upper() and "_" in name for name in TABLE)
