"""Which mobile operator a SIM card belongs to, from its number (ITU-T E.118), or a cell, from its code (E.212)."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

BY_NETWORK: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "25001": ("MTS", "МТС"),
        "25002": ("MegaFon", "МегаФон"),
        "25011": ("Yota", "Yota"),
        "25020": ("t2", "t2"),
        "25035": ("Motiv", "Мотив"),
        "25060": ("Volna Mobile", "Волна мобайл"),
        "25062": ("T-Mobile RU", "Т-Мобайл"),
        "25099": ("Beeline", "Билайн"),
        "25701": ("A1", "A1"),
        "25702": ("MTS Belarus", "МТС Беларусь"),
        "25704": ("life:)", "life:)"),
        "40101": ("Beeline Kazakhstan", "Билайн Казахстан"),
        "40102": ("Kcell", "Kcell"),
        "40177": ("Tele2 Kazakhstan", "Tele2 Казахстан"),
    }
)
"""The name of an operator in English and Russian by the code of its network; the Russian one is what is stored."""
_IN_ENGLISH: Final = {russian: english for english, russian in BY_NETWORK.values()}
_CELL: Final = re.compile(r"([0-9]{3})-([0-9]{2,3})-.*", re.ASCII)
_RUSSIAN_SIM: Final = re.compile(r"89701([0-9]{2})[0-9]{10,14}F?", re.ASCII)


def operator_of_sim(iccid: str | None) -> str | None:
    """Return whose SIM card it is, e.g. `МТС` for `89701010...`; None where that is not known."""
    if iccid is None or (found := _RUSSIAN_SIM.fullmatch(iccid)) is None:
        return None
    names = BY_NETWORK.get(f"250{found[1]}")
    return None if names is None else names[1]


def operator_of_cell(cell: str | None) -> str | None:
    """Return whose cell it is, e.g. `МТС` for `250-01-221-14432`, else its code `250-01`; None for none."""
    if cell is None or (found := _CELL.fullmatch(cell)) is None:
        return None
    names = BY_NETWORK.get(f"{found[1]}{found[2]}")
    return f"{found[1]}-{found[2]}" if names is None else names[1]


def operator_in(name: str, language: str) -> str:
    """Return the name of an operator, as the functions above give it, in a language; what is none stays as it is."""
    return name if language == "ru" else _IN_ENGLISH.get(name, name)
