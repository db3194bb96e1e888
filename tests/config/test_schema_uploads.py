"""The keys about settings and firmware of modems."""

from pathlib import Path
from typing import Any

import pytest

from irzhub.config.load import load_settings
from irzhub.core.exceptions import ConfigError


def test_by_default_firmware_is_off_and_settings_go(tmp_path: Path) -> None:
    fleet = load_settings(tmp_path, {}, {}).fleet
    assert (fleet.firmware.experimental, fleet.firmware.resume, fleet.firmware.page_size) == (False, "start", 512)
    assert (fleet.settings.line_prefix, fleet.settings.attempts, fleet.settings.dial_in_within_s) == ("%04d", 3, 1800)
    assert "5492" not in repr(fleet)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("fleet.settings.line_prefix", "%03d"),
        ("fleet.settings.line_prefix", "%05d"),
        ("fleet.settings.password", "12,34"),
        ("fleet.settings.attempts", 0),
        ("fleet.firmware.page_size", 4096),
        ("fleet.firmware.resume", "middle"),
        ("fleet.firmware.experimental", "yes"),
    ],
)
def test_what_cannot_be_is_refused_by_its_key(tmp_path: Path, key: str, value: Any) -> None:
    with pytest.raises(ConfigError, match=key.replace(".", r"\.")):
        load_settings(tmp_path, {}, {key: value})
