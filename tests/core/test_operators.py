"""Whose SIM card, whose cell."""

import pytest

from irzhub.core.operators import operator_of_cell, operator_of_sim


@pytest.mark.parametrize(
    ("iccid", "operator"),
    [
        ("8970101972419598301", "МТС"),
        ("89701990000012345678", "Билайн"),
        ("8970120972419598301F", "t2"),
        ("897019932724195983F", "Билайн"),
        ("8970177972419598301", None),
        ("8988303000005142343", None),
        ("89701", None),
        ("", None),
        (None, None),
        ("٨٩٧٠١٠١٩٧٢٤١٩٥٩٨٣٠١", None),
    ],
)
def test_a_sim_card_tells_whose_it_is(iccid: str | None, operator: str | None) -> None:
    assert operator_of_sim(iccid) == operator


@pytest.mark.parametrize(
    ("cell", "operator"),
    [("250-01-221-14432", "МТС"), ("250-98-1-2", "250-98"), ("0,250,01", None), (None, None), ("", None)],
)
def test_a_cell_tells_whose_it_is_or_its_code(cell: str | None, operator: str | None) -> None:
    assert operator_of_cell(cell) == operator
