"""The factory's values in the tables, as the vendor's manual gives them."""

import pytest

from irzhub.codec.irz.settings.table_pins import PINS, PORTS

TABLE = {setting.name: setting for setting in (*PINS, *PORTS)}


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("PORT_SET", "5,1,0,0,0"),
        ("GPIO_IMPULSE", "1000"),
        ("COUNT_TAU", "100"),
        ("ADC_SPMV", "1000"),
        ("GPIO_SET", "0,0"),
        ("PORT_CAPT", "1000"),
    ],
)
def test_the_factorys_value(name: str, default: str) -> None:
    setting = TABLE[name]
    assert ",".join(each.default or "" for each in setting.fields) == default
    assert setting.why_wrong(default) is None


def test_names_are_written_as_the_vendor_does() -> None:
    assert all(name == name.upper() and "_" in name for name in TABLE)
