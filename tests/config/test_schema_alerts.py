"""The keys about incidents."""

from pathlib import Path
from typing import Any

import pytest

from irzhub.config.load import load_settings
from irzhub.core.exceptions import ConfigError


def test_by_default_a_link_is_lost_after_four_minutes_and_thresholds_are_off(tmp_path: Path) -> None:
    alerts = load_settings(tmp_path, {}, {}).alerts

    assert (alerts.link_lost_after_s, alerts.hold_s, alerts.breaks) == (240.0, 60.0, 5)
    assert (alerts.weak_signal_dbm, alerts.temperature_high_c, alerts.temperature_low_c) == (None, None, None)


def test_what_is_written_counts(tmp_path: Path) -> None:
    written = {"alerts.weak_signal": -105, "alerts.common_cause.uplink": "10.0.0.1:53", "alerts.hold": "2m"}
    alerts = load_settings(tmp_path, {}, written).alerts

    assert (alerts.weak_signal_dbm, alerts.common_cause.uplink, alerts.hold_s) == (-105, "10.0.0.1:53", 120.0)


@pytest.mark.parametrize(
    ("key", "value"),
    [("alerts.weak_signal", 5), ("alerts.breaks", 1), ("alerts.common_cause.uplink", "here"), ("alerts.keep_days", 0)],
)
def test_a_value_that_cannot_be_is_refused(tmp_path: Path, key: str, value: Any) -> None:
    with pytest.raises(ConfigError, match=key.rpartition(".")[2]):
        load_settings(tmp_path, {}, {key: value})
