"""Buckets of failures by source."""

import pytest

from irzhub.web.throttle import Throttle, network_of


def test_a_source_may_fail_burst_times_and_then_once_in_a_period() -> None:
    throttle = Throttle(burst=3, period_s=10)
    for _ in range(3):
        assert throttle.wait_s("10.0.0.1", now=0) == 0
        throttle.failed("10.0.0.1", now=0)

    assert throttle.wait_s("10.0.0.1", now=0) == 10
    assert throttle.wait_s("10.0.0.1", now=5) == 5
    assert throttle.wait_s("10.0.0.1", now=10) == 0
    assert throttle.wait_s("10.0.0.2", now=0) == 0


def test_sources_are_forgotten_rather_than_kept_for_ever() -> None:
    throttle = Throttle(burst=1)
    for number in range(5000):
        throttle.failed(f"10.{number >> 8}.{number & 255}.1", now=0)

    assert len(throttle._buckets) == 4096
    assert throttle.wait_s("10.0.0.1", now=0) == 0
    assert throttle.wait_s("10.19.135.1", now=0) > 0


@pytest.mark.parametrize(
    ("source", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", "unix"),
        ("", ""),
    ],
)
def test_one_who_has_many_addresses_is_one_source(source: str, network: str) -> None:
    assert network_of(source) == network
