"""What bodies about settings may hold."""

import pytest
from pydantic import BaseModel, ValidationError

from irzhub.web.models_settings import NewSettingsTemplate, SendSettings, SmsTextsBody

TARGET = {"filter": ""}


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (SendSettings, {"target": TARGET, "lines": ["AT$SIM_MAIN=1"] * 501}),
        (SendSettings, {"target": TARGET, "password": "123"}),
        (SendSettings, {"target": TARGET, "password": "12,34"}),
        (SendSettings, {"target": TARGET, "values": {"Apn": "x"}}),
        (SendSettings, {"target": TARGET, "values": {"apn": "x" * 256}}),
        (SendSettings, {"target": TARGET, "via": "pigeon"}),
        (SendSettings, {"target": TARGET, "toast": 1}),
        (NewSettingsTemplate, {"name": "", "lines": []}),
        (NewSettingsTemplate, {"name": "x", "lines": [], "modem_values": {"../x": {}}}),
        (SmsTextsBody, {"first": {"address": "hub.example.ru", "port": 5009}}),
        (SmsTextsBody, {"first": {"address": "203.0.113.5", "port": 0}}),
    ],
)
def test_what_is_out_of_bounds_is_refused(model: type[BaseModel], body: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(body)


def test_what_is_left_out_is_harmless() -> None:
    wanted = SendSettings.model_validate({"target": TARGET})
    assert (wanted.via, wanted.packed, wanted.may_be_unknown, wanted.password) == ("gprs", False, False, None)
