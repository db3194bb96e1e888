"""What may be said of an image."""

import pytest
from pydantic import ValidationError

from irzhub.web.models_firmware import NewFirmwareQuery

GOOD = {"sha256": "0" * 64, "model": "ATM31", "name": "x.bin"}


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 63}, {"model": "../etc"}, {"name": ""}, {"model": ""}, {"x": "1"}])
def test_what_is_no_image_is_refused(wrong: dict[str, str]) -> None:
    assert NewFirmwareQuery.model_validate(GOOD).version == ""
    with pytest.raises(ValidationError):
        NewFirmwareQuery.model_validate({**GOOD, **wrong})
