"""Which mobile operator a SIM card belongs to, from its number (ITU-T E.118), or a cell, from its code."""

import re
from typing import Final

_NAMES: Final = {
    "25001": "МТС",
    "25002": "МегаФон",
    "25011": "Yota",
    "25020": "t2",
    "25035": "Мотив",
    "25060": "Волна мобайл",
    "25099": "Билайн",
    "25701": "A1",
    "25702": "МТС Беларусь",
    "25704": "life:)",
    "40101": "Beeline Kazakhstan",
    "40102": "Kcell",
    "40177": "Tele2 Kazakhstan",
}
_CELL: Final = re.compile(r"([0-9]{3})-([0-9]{2,3})-.*", re.ASCII)
_RUSSIAN_SIM: Final = re.compile(r"89701([0-9]{2})[0-9]{10,14}F?", re.ASCII)


def operator_of_sim(iccid: str | None) -> str | None:
    """Return whose SIM card it is, e.g. `МТС` for `89701010...`; None where that is not known."""
    if iccid is None or (found := _RUSSIAN_SIM.fullmatch(iccid)) is None:
        return None
    return _NAMES.get(f"250{found[1]}")


def operator_of_cell(cell: str | None) -> str | None:
    """Return whose cell it is, e.g. `МТС` for `250-01-221-14432`, else its code `250-01`; None for none."""
    if cell is None or (found := _CELL.fullmatch(cell)) is None:
        return None
    return _NAMES.get(f"{found[1]}{found[2]}", f"{found[1]}-{found[2]}")
