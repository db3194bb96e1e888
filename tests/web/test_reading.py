"""How a refusal names what is wrong."""

import pytest
from pydantic import ValidationError

from irzhub.web.models import ModemEdit
from irzhub.web.problem import FieldError
from irzhub.web.reading import field_errors, json_response


def test_each_wrong_field_is_named_without_its_value() -> None:
    with pytest.raises(ValidationError) as caught:
        ModemEdit.model_validate({"name": "a\nsecret", "inputs": {"1": {"debounce": "secret"}}, "psw": "secret"})

    errors = field_errors(caught.value)

    assert [error.field for error in errors] == ["name", "inputs.1.debounce", "psw"]
    assert errors[0] == FieldError("name", "expected text without control characters and line ends")


def test_an_endless_list_of_mistakes_is_cut() -> None:
    with pytest.raises(ValidationError) as caught:
        ModemEdit.model_validate({f"x{number}": 1 for number in range(1000)})

    assert len(field_errors(caught.value)) == 20


def test_json_is_written_as_utf_8_and_never_as_nan() -> None:
    assert json_response({"name": "Дверь"}).body == '{"name":"Дверь"}'.encode()
    with pytest.raises(ValueError, match="JSON compliant"):
        json_response({"value": float("nan")})
