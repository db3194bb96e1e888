"""The factory's values in the tables, as the vendor's manual gives them."""

import pytest

from irzhub.codec.irz.settings.table_standby import PHONES, SMS, STANDBY

TABLE = {setting.name: setting for setting in (*STANDBY, *SMS, *PHONES)}


@pytest.mark.parametrize(
    ("name", "default"), [("WAIT_PAUSE", "0"), ("SMS_ATTP", "20"), ("SMS_PWD", "5492"), ("SMS_SET", "1,1,0")]
)
def test_the_factorys_value(name: str, default: str) -> None:
    setting = TABLE[name]
    assert ",".join(each.default or "" for each in setting.fields) == default
    assert setting.why_wrong(default) is None


def test_names_are_written_as_the_vendor_does() -> None:
    assert all(name == name.upper() and "_" in name for name in TABLE)
