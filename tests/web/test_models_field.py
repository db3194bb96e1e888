"""What may be asked of a meter on the line."""

import pytest
from pydantic import ValidationError

from irzhub.web.models_field import MeterCheck, TerminalQuery


def test_a_check_needs_no_more_than_a_protocol() -> None:
    check = MeterCheck.model_validate({"protocol": "modbus"})

    assert (check.address, check.register_, check.count, check.hex, check.timeout_s) == ("1", 0, 2, None, 10)
    assert MeterCheck.model_validate({"protocol": "modbus", "register": 4000}).register_ == 4000


@pytest.mark.parametrize(
    "good",
    [
        {"protocol": "modbus", "address": "0"},
        {"protocol": "modbus", "address": "247", "register": 65535, "count": 125, "timeout_s": 20},
        {"protocol": "mercury", "address": "254"},
        {"protocol": "iec62056", "address": ""},
        {"protocol": "iec62056", "address": "ABC 123-4"},
        {"protocol": "hex", "hex": "01 03 00 00"},
        {"protocol": "hex", "hex": "0103AbcD"},
        {"protocol": "hex", "hex": "00 " * 256},
    ],
    ids=str,
)
def test_a_question_that_meters_know_is_taken(good: dict[str, object]) -> None:
    assert MeterCheck.model_validate(good).model_dump(include=good.keys() - {"register"}) == {
        name: value for name, value in good.items() if name != "register"
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"protocol": "dlms"},
        {"protocol": "modbus", "address": "248"},
        {"protocol": "modbus", "address": "-1"},
        {"protocol": "modbus", "address": ""},
        {"protocol": "modbus", "address": "٣"},
        {"protocol": "modbus", "address": 1},
        {"protocol": "mercury", "address": "255"},
        {"protocol": "mercury", "address": "0001"},
        {"protocol": "modbus", "register": 65536},
        {"protocol": "modbus", "register_": 1},
        {"protocol": "modbus", "count": 0},
        {"protocol": "modbus", "count": 126},
        {"protocol": "modbus", "timeout_s": 0},
        {"protocol": "modbus", "timeout_s": 20.1},
        {"protocol": "modbus", "timeout_s": float("nan")},
        {"protocol": "modbus", "hex": "01"},
        {"protocol": "hex"},
        {"protocol": "hex", "hex": ""},
        {"protocol": "hex", "hex": "0"},
        {"protocol": "hex", "hex": "01\n"},
        {"protocol": "hex", "hex": "00" * 257},
        {"protocol": "iec62056", "address": "/?1!\r\n"},
        {"protocol": "iec62056", "address": "x" * 33},
    ],
    ids=str,
)
def test_what_no_meter_understands_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MeterCheck.model_validate(wrong)


def test_a_terminal_takes_the_line_over_only_when_asked_to() -> None:
    assert not TerminalQuery().take_over
    assert TerminalQuery.model_validate({"take_over": "true"}).take_over
    with pytest.raises(ValidationError):
        TerminalQuery.model_validate({"force": "true"})
