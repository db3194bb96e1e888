"""The JSON of SMS and calls: somebody has to be named, and the status is one that the store knows."""

from typing import get_args

import pytest
from pydantic import ValidationError

from irzhub.storage.phone import WAITING
from irzhub.web.models_phone import NewCall, NewSms, OrderStatus


def test_a_number_a_modem_or_both() -> None:
    assert NewSms(to="+7 (921) 123-45-67", text="x").urgency == "soon"
    assert NewSms(modem="868441036775234", text="x").to is None
    assert NewCall(to="+79211234567", modem="868441036775234").ring_s == 20
    with pytest.raises(ValidationError, match="expected to, modem, or both"):
        NewSms(text="x")


@pytest.mark.parametrize("number", ["", "+7921;", "*100#", "+7921\n", "٠٧٩٢١", "+" + "1" * 31])
def test_a_number_has_digits_and_little_else(number: str) -> None:
    with pytest.raises(ValidationError):
        NewSms(to=number, text="x")


def test_what_waits_is_among_the_states() -> None:
    assert set(WAITING) < set(get_args(OrderStatus))
