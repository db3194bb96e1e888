"""One network cannot fill the registry; carriers and the simulator on this machine can register at will."""

from irzhub.config.settings import RegisterLimit
from irzhub.fleet.register_limit import RegisterLimiter

LIMIT = RegisterLimit(count=3, period_s=60.0)


def test_fourth_modem_of_a_network_within_a_minute_is_refused() -> None:
    limiter = RegisterLimiter(LIMIT)

    assert [limiter.admits(f"203.0.113.{host}", 0.0) for host in (1, 2, 3, 4)] == [True, True, True, False]
    assert limiter.admits("203.0.114.1", 0.0)


def test_place_is_free_again_when_the_period_has_slid_by() -> None:
    limiter = RegisterLimiter(LIMIT)
    for at in (0.0, 10.0, 20.0):
        limiter.admits("203.0.113.1", at)

    assert not limiter.admits("203.0.113.1", 59.9)
    assert limiter.admits("203.0.113.1", 60.0)
    assert not limiter.admits("203.0.113.1", 60.1)


def test_loopback_is_exempt() -> None:
    limiter = RegisterLimiter(LIMIT)

    assert all(limiter.admits("127.0.0.2", 0.0) for _ in range(100))
    assert all(limiter.admits("::1", 0.0) for _ in range(100))


def test_ipv6_is_counted_by_its_64() -> None:
    limiter = RegisterLimiter(LIMIT)

    assert [limiter.admits(f"2001:db8::{host}", 0.0) for host in (1, 2, 3, 4)] == [True, True, True, False]
    assert limiter.admits("2001:db8:0:1::1", 0.0)


def test_memory_stays_bounded_under_many_sources() -> None:
    limiter = RegisterLimiter(LIMIT)

    for number in range(10_000):
        limiter.admits(f"{20 + number // 65536}.{number // 256 % 256}.{number % 256}.1", float(number))

    assert len(limiter._seen) <= 4096
