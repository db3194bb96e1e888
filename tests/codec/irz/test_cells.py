from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.irz.cells import TEXT_LIMIT, parse_cells

SIMCOM = '0,"250,01,00dd,3860,29,21";1,"250,01,00dd,3863,27,17";2,",,0000,0000,00,00";3,",,0000,0000,00,00";'

SERVING: dict[str, tuple[str, dict[str, Any]]] = {
    "ATM21": (
        SIMCOM,
        {"mcc": "250", "mnc": "01", "lac": 0xDD, "cid": 0x3860, "bsic": 29, "rx_level": 21},
    ),
    "ATM.21B": (
        '0,"250,20,69fd,28fc,58,38";',
        {"mcc": "250", "mnc": "20", "lac": 0x69FD, "cid": 0x28FC, "bsic": 58, "rx_level": 38},
    ),
    "older": (
        "250,01,45,5360,878,335,0;250,02,40,87D9,638,25E6,1",
        {
            "mcc": "250",
            "mnc": "01",
            "lac": 0x335,
            "cid": 0x5360,
            "rx_level": 45,
            "arfcn": 878,
            "timing_advance": 0,
        },
    ),
    "ATM42, decimal": (
        "LTE,Online,25001,12345678,5401,EUTRAN-BAND3,-87;",
        {
            "mcc": "250",
            "mnc": "01",
            "lac": 5401,
            "cid": 12345678,
            "net": "LTE",
            "state": "Online",
            "band": "EUTRAN-BAND3",
            "level": -87,
        },
    ),
    "ATM42, hex and dash": (
        "LTE,Online,250-01,0xBC614E,1519a,BAND3,x;",
        {
            "mcc": "250",
            "mnc": "01",
            "lac": 0x1519A,
            "cid": 0xBC614E,
            "net": "LTE",
            "state": "Online",
            "band": "BAND3",
            "level": None,
        },
    ),
    "first cell cannot be read": (
        '0,"250";1,"250,01,00dd,3863,27,17";',
        {"mcc": "250", "mnc": "01", "lac": 0xDD, "cid": 0x3863, "bsic": 27, "rx_level": 17},
    ),
    "spaces and line ends": (
        ' 0,"250, 01, 00dd, 3860, 29, 21" ;\r\n',
        {"mcc": "250", "mnc": "01", "lac": 0xDD, "cid": 0x3860, "bsic": 29, "rx_level": 21},
    ),
    "level is no number": (
        '0,"250,01,00dd,3860,x,";',
        {"mcc": "250", "mnc": "01", "lac": 0xDD, "cid": 0x3860, "bsic": None, "rx_level": None},
    ),
}


@pytest.mark.parametrize(("text", "serving"), SERVING.values(), ids=SERVING)
def test_serving_cell(text: str, serving: dict[str, Any]) -> None:
    cell = parse_cells(text)
    neighbours, raw = cell.pop("neighbours"), cell.pop("raw")

    assert cell == serving
    assert raw == text
    assert isinstance(neighbours, list)


def test_neighbours() -> None:
    assert parse_cells(SIMCOM)["neighbours"] == [
        {"mcc": "250", "mnc": "01", "lac": 0xDD, "cid": 0x3863, "bsic": 27, "rx_level": 17}
    ]
    assert [cell["cid"] for cell in parse_cells(SERVING["older"][0])["neighbours"]] == [0x87D9]


UNREADABLE = [
    "",
    ";;;",
    "ERROR",
    '3,",,0000,0000,00,00";',
    '0,"250,01,0000,0000,00,00";',
    '0,"25,01,00dd,3860,29,21";',
    '0,"250,1,00dd,3860,29,21";',
    '0,"250,01,zz,3860,29,21";',
    '0,"250,01,00dd,123456789,29,21";',
    '0,"250,01,00dd,3860,29";',
    "٢٥٠,01,45,5360,878,335,0",
    "250,٠١,45,5360,878,335,0",
    "LTE,Online,25,1,2,3,4",
    "LTE,Online,25001,-1,2,3,4",
    "LTE,Online,25001,²,2,3,4",
    "a,b,c",
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_unreadable(text: str) -> None:
    assert parse_cells(text) == {"raw": text}


def test_text_is_cut() -> None:
    assert len(parse_cells("x" * 5000)["raw"]) == TEXT_LIMIT


@given(st.text('0123456789abcdefx,";.- LTE', max_size=120))
def test_any_text(text: str) -> None:
    assert parse_cells(text)["raw"] == text
