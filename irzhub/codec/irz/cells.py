"""Base stations as iRZ modems name them, in three dialects (`docs/protocol.md` 1.8).

1. ATM21/31: `0,"250,01,00dd,3860,29,21";1,"..."`: index, then MCC, MNC, LAC and CID in hex, BSIC, RxLev.
   Index 0 is the serving cell; empty cells hold zeros.
2. ATM42: `net,state,plmn,cell,lac,band,level;`. Whether cell and LAC are hex is not known: hex when they say so
   by `0x` or a letter, else decimal.
3. Older: `MCC,MNC,RxLev,CID,ARFCN,LAC,TA;...` with CID and LAC in hex; the first is the serving cell.

One cell that cannot be read spoils none of the others, and the text itself is always kept.
"""

import re
from typing import Any, Final

TEXT_LIMIT: Final = 1024

_QUOTED: Final = re.compile(r'([0-9]{1,2}),"([^"]*)"', re.ASCII)
_MCC: Final = re.compile(r"[0-9]{3}", re.ASCII)
_MNC: Final = re.compile(r"[0-9]{2,3}", re.ASCII)
_PLMN: Final = re.compile(r"([0-9]{3})-?([0-9]{2,3})", re.ASCII)
_HEX: Final = re.compile(r"(?:0[xX])?[0-9A-Fa-f]{1,8}", re.ASCII)
_DECIMAL: Final = re.compile(r"-?[0-9]{1,10}", re.ASCII)

Cell = dict[str, Any]


def parse_cells(text: str) -> Cell:
    """Return the serving cell with `neighbours` (a list, perhaps empty) and `raw`; only `raw` if none can be read.

    A cell has `mcc` and `mnc` as text (zeros count), `lac` and `cid` as numbers, and what else its dialect tells:
    `bsic`, `rx_level` (0..63), `net`, `state`, `band`, `level`, `arfcn`, `timing_advance`.
    """
    raw = text[:TEXT_LIMIT]
    cells = [cell for record in raw.split(";") if (cell := _cell(record.strip())) is not None]
    if not cells:
        return {"raw": raw}
    return {**cells[0], "neighbours": cells[1:], "raw": raw}


def _cell(record: str) -> Cell | None:
    if quoted := _QUOTED.fullmatch(record):
        return _quoted_cell([field.strip() for field in quoted.group(2).split(",")])
    fields = [field.strip() for field in record.split(",")]
    if len(fields) != 7:
        return None
    return _older_cell(fields) if _MCC.fullmatch(fields[0]) else _lte_cell(fields)


def _quoted_cell(fields: list[str]) -> Cell | None:
    if len(fields) != 6:
        return None
    mcc, mnc, lac, cid, bsic, level = fields
    return _made(mcc, mnc, lac, cid, bsic=_decimal(bsic), rx_level=_decimal(level))


def _older_cell(fields: list[str]) -> Cell | None:
    mcc, mnc, level, cid, arfcn, lac, advance = fields
    more = {"rx_level": _decimal(level), "arfcn": _decimal(arfcn), "timing_advance": _decimal(advance)}
    return _made(mcc, mnc, lac, cid, **more)


def _lte_cell(fields: list[str]) -> Cell | None:
    net, state, plmn, cid, lac, band, level = fields
    if (match := _PLMN.fullmatch(plmn)) is None:
        return None
    more: Cell = {"net": net, "state": state, "band": band, "level": _decimal(level)}
    return _made(match.group(1), match.group(2), _as_hex(lac), _as_hex(cid), **more)


def _made(mcc: str, mnc: str, lac: str, cid: str, **more: Any) -> Cell | None:
    """Return the cell, or None when it is an empty one or its numbers are none."""
    if not (_MCC.fullmatch(mcc) and _MNC.fullmatch(mnc) and _HEX.fullmatch(lac) and _HEX.fullmatch(cid)):
        return None
    lac_number, cid_number = int(lac, 16), int(cid, 16)
    if not lac_number and not cid_number:
        return None
    return {"mcc": mcc, "mnc": mnc, "lac": lac_number, "cid": cid_number, **more}


def _as_hex(text: str) -> str:
    """Return a number of unknown base in hex: decimal unless it says otherwise."""
    return f"{int(text):x}" if text.isascii() and text.isdecimal() and len(text) <= 10 else text


def _decimal(text: str) -> int | None:
    return int(text) if _DECIMAL.fullmatch(text) else None
