"""The factory's values in the tables, as the vendor's manual gives them."""

import pytest

from irzhub.codec.irz.settings.table_connections import CLIENT, LINK_CONTROL, OWN_PROTOCOL, SERVER

TABLE = {setting.name: setting for setting in (*CLIENT, *OWN_PROTOCOL, *SERVER, *LINK_CONTROL)}


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("CLNT_PRTCL", "1"),
        ("IRZ_PWD", "5492"),
        ("SRV_PORT", "5009"),
        ("ID_KEEP", "$B5$BC$BD$BE$BF"),
        ("ERR_CHECK", "10"),
        ("ERR_ATP", "30"),
    ],
)
def test_the_factorys_value(name: str, default: str) -> None:
    setting = TABLE[name]
    assert ",".join(each.default or "" for each in setting.fields) == default
    assert setting.why_wrong(default) is None


def test_names_are_written_as_the_vendor_does() -> None:
    assert all(name == name.upper() and "_" in name for name in TABLE)
