"""What may be said of a meter, a day and a program."""

import pytest
from pydantic import ValidationError

from irzhub.web.models_meters import MeterChange, NewMeter, ProgramsQuery, ReadingsQuery


def test_a_meter_is_taken_as_people_write_it() -> None:
    meter = NewMeter.model_validate({"modem": "868441036775234_2", "type": " Меркурий 230 ", "address": "7"})
    assert (meter.type, meter.address, meter.serial) == ("Меркурий 230", "7", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"modem": "../etc/passwd"},
        {"modem": "868441036775234", "serial": "x" * 65},
        {"modem": "868441036775234", "type": "a\nb"},
        {"modem": "868441036775234", "password": "1"},
        {"modem": 868441036775234},
    ],
)
def test_what_is_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NewMeter.model_validate(wrong)


@pytest.mark.parametrize("day", ["2026-13-01", "2026-1-1", "21.11.2026", "2026-11-21\n", "٢٠٢٦-11-21", "0026-11-21"])
def test_a_day_is_written_in_one_way(day: str) -> None:
    with pytest.raises(ValidationError, match="expected a day such as"):
        ProgramsQuery.model_validate({"day": day})


def test_readings_can_be_asked_for_by_cause() -> None:
    assert ReadingsQuery.model_validate({"cause": "meter_silent", "limit": "5"}).limit == 5
    with pytest.raises(ValidationError):
        ReadingsQuery.model_validate({"cause": "bad luck"})


def test_null_empties_and_what_is_left_out_stays() -> None:
    assert MeterChange.model_validate({"serial": None}).model_fields_set == {"serial"}
