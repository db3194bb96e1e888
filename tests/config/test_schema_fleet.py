from pathlib import Path
from typing import Any

import pytest

from irzhub.config.build import build_settings
from irzhub.config.schema import SCHEMA
from irzhub.config.settings import CommandSettings, JobSettings


def test_what_nobody_writes_is_what_the_settings_say() -> None:
    settings = build_settings(Path("/etc/irzhub"), SCHEMA({}))

    assert (settings.commands, settings.jobs) == (CommandSettings(), JobSettings())


def test_what_is_written_reaches_the_settings() -> None:
    written = {
        "commands": {"answer_timeout": "20s", "attempts": 3, "retry_pause": "2s", "sms_password": "abcdef"},
        "jobs": {"concurrency": 8, "staged_above": 3, "return_within": "5m", "lost_percent": 10, "keep_days": 30},
    }

    settings = build_settings(Path("/etc/irzhub"), SCHEMA(written))

    assert settings.commands == CommandSettings(
        answer_timeout_s=20.0, attempts=3, retry_pause_s=2.0, sms_password="abcdef"
    )
    assert settings.jobs == JobSettings(
        concurrency=8, staged_above=3, return_within_s=300.0, lost_percent=10, keep_days=30
    )
    assert "abcdef" not in repr(settings)


@pytest.mark.parametrize(
    "wrong",
    [
        {"commands": {"attempts": 0}},
        {"commands": {"sms_password": "with space"}},
        {"commands": {"answer_timeout": "1h"}},
        {"jobs": {"concurrency": 0}},
        {"jobs": {"lost_percent": 101}},
        {"jobs": {"staged_above": "many"}},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Exception, match="expected"):
        SCHEMA(wrong)
