"""All settings by name: the one source for validation, forms and the page of the manual."""

import re
from types import MappingProxyType
from typing import Final

from irzhub.codec.irz.settings.setting import Setting, Words
from irzhub.codec.irz.settings.table_connections import CLIENT, LINK_CONTROL, OWN_PROTOCOL, SERVER
from irzhub.codec.irz.settings.table_modem import CLOCK, MODEM, SIM
from irzhub.codec.irz.settings.table_pins import PINS, PORTS
from irzhub.codec.irz.settings.table_standby import PHONES, SMS, STANDBY

SECTIONS: Final = MappingProxyType(
    {
        "modem": Words("Модем", "Modem"),
        "sim": Words("SIM-карты и сеть", "SIM cards and network"),
        "client": Words("Соединения с сервером", "Connections to servers"),
        "own_protocol": Words("«Мой протокол»", "Own protocol"),
        "server": Words("Режим сервера", "Server mode"),
        "link": Words("Контроль связи и CSD", "Link control and CSD"),
        "pins": Words("Входы и выходы", "Inputs and outputs"),
        "ports": Words("Порты", "Serial ports"),
        "standby": Words("Ждущий режим", "Standby"),
        "clock": Words("Часы и расписание", "Clock and timetable"),
        "sms": Words("SMS", "SMS"),
        "phones": Words("Телефоны", "Phones"),
    }
)

SETTINGS: Final[tuple[Setting, ...]] = (
    *MODEM,
    *SIM,
    *CLIENT,
    *OWN_PROTOCOL,
    *SERVER,
    *LINK_CONTROL,
    *PINS,
    *PORTS,
    *STANDBY,
    *CLOCK,
    *SMS,
    *PHONES,
)

_BY_NAME: Final = {setting.name: setting for setting in SETTINGS}
_INDEXED: Final = re.compile(r"([A-Z][A-Z0-9_]*?)([0-9]{1,2})", re.ASCII)


def find_setting(name: str) -> tuple[Setting, int | None] | None:
    """Return the setting and its index that a name such as `CLNT_IPP1` stands for; None when there is none.

    Some names end in a digit of their own (`ID_TEXT1`), so the whole name is tried first.
    """
    name = name.upper()
    if (setting := _BY_NAME.get(name)) is not None:
        return (setting, None) if setting.first is None else None
    if (found := _INDEXED.fullmatch(name)) is None or (setting := _BY_NAME.get(found[1])) is None:
        return None
    index = int(found[2])
    if setting.first is None or setting.last is None or not setting.first <= index <= setting.last:
        return None
    return setting, index
