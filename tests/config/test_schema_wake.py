"""What an SMS that wakes may say, and what of the rest is refused."""

import pytest
import voluptuous as vol

from irzhub.config.schema_wake import LADDER, WAKE, check_wake_text


@pytest.mark.parametrize("text", ["{password} wait off0", "IP{address}TIME{minutes}IRZ", "x" * 160, "{imei}"])
def test_texts_that_can_be_sent(text: str) -> None:
    check_wake_text(text)


@pytest.mark.parametrize("text", ["", "x" * 161, "выйди на связь", "{pasword} wait off", "line\nline", "{}"])
def test_texts_that_cannot(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        check_wake_text(text)


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        (LADDER, {"steps": []}),
        (LADDER, {"steps": ["ring"]}),
        (LADDER, {"sms_minutes": 256}),
        (LADDER, {"hold": "0s"}),
        (WAKE, {"address": "hub.example.ru"}),
        (WAKE, {"numbers": ["112"]}),
        (WAKE, {"numbers": []}),
        (WAKE, {"at_once": 0}),
    ],
    ids=lambda value: str(value) if len(str(value)) < 40 else "",
)
def test_what_is_refused(schema: dict[vol.Marker, object], values: dict[str, object]) -> None:
    with pytest.raises(vol.MultipleInvalid, match="expected"):
        vol.Schema(schema)(values)
