import pytest
from pydantic import ValidationError

from irzhub.codec.irz.commands import NAMES
from irzhub.web.models_commands import BulkCommandRequest, CommandRequest, Target


def test_every_command_of_the_codec_can_be_asked_for_and_no_other() -> None:
    for name in NAMES:
        assert CommandRequest.model_validate({"command": name}).command == name
    with pytest.raises(ValidationError):
        CommandRequest.model_validate({"command": "format_disk"})


def test_a_command_waits_a_minute_by_default_and_one_for_many_a_day() -> None:
    one = CommandRequest.model_validate({"command": "signal"})
    many = BulkCommandRequest.model_validate({"command": "signal", "target": {"filter": ""}})

    assert (one.args, one.expires_in, one.via, one.phone) == ({}, 60, "gprs", None)
    assert many.expires_in == 86400


@pytest.mark.parametrize("value", [True, "x", -1, 0, None, float("nan"), 1e10])
def test_a_command_that_never_ends_or_began_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        CommandRequest.model_validate({"command": "signal", "expires_in": value})


@pytest.mark.parametrize(
    "target",
    [
        {},
        {"filter": "x", "group": "y"},
        {"group": "y", "modems": ["868441036775234"]},
        {"modems": []},
        {"modems": ["../etc"]},
        {"modems": ["1"] * 3501},
        {"site": "x"},
    ],
)
def test_a_target_is_one_of_three(target: object) -> None:
    with pytest.raises(ValidationError):
        Target.model_validate(target)


@pytest.mark.parametrize("phone", ["", "+", "911 123", "+7921123456789012", "tel:+79211234567"])
def test_a_phone_number_is_digits(phone: str) -> None:
    with pytest.raises(ValidationError):
        CommandRequest.model_validate({"command": "reboot", "via": "sms", "phone": phone})
