"""Ports are given out lowest first, once, and never twice."""

from irzhub.config.settings import PortPool
from irzhub.fleet.ports import PortPools

HOST = "0.0.0.0"


def _pools(*ranges: tuple[int, int]) -> PortPools:
    return PortPools(PortPool(host=HOST, first=first, last=last) for first, last in ranges)


def test_lowest_free_port_comes_first_and_pools_follow_each_other() -> None:
    pools = _pools((20000, 20001), (30000, 30001))

    assert [pools.take_lowest() for _ in range(5)] == [
        (HOST, 20000),
        (HOST, 20001),
        (HOST, 30000),
        (HOST, 30001),
        None,
    ]


def test_known_ports_are_passed_over() -> None:
    pools = _pools((20000, 20003))
    pools.take(HOST, 20000)
    pools.take(HOST, 20002)

    assert [pools.take_lowest(), pools.take_lowest(), pools.take_lowest()] == [(HOST, 20001), (HOST, 20003), None]


def test_released_port_is_the_lowest_again() -> None:
    pools = _pools((20000, 20005))
    for _ in range(4):
        pools.take_lowest()

    pools.release(HOST, 20001)

    assert not pools.is_taken(HOST, 20001)
    assert pools.take_lowest() == (HOST, 20001)
    assert pools.take_lowest() == (HOST, 20004)


def test_imported_port_outside_the_pools_is_kept_but_never_given_out() -> None:
    pools = _pools((20000, 20001))
    pools.take(HOST, 35000)

    assert pools.is_taken(HOST, 35000)
    assert (HOST, 35000) in set(pools)
    pools.release(HOST, 35000)
    assert [pools.take_lowest() for _ in range(3)] == [(HOST, 20000), (HOST, 20001), None]
    assert len(pools) == 2


def test_same_number_on_another_address_is_another_port() -> None:
    pools = PortPools(
        [PortPool(host="10.0.0.5", first=20000, last=20000), PortPool(host="10.0.0.6", first=20000, last=20000)]
    )

    assert [pools.take_lowest(), pools.take_lowest()] == [("10.0.0.5", 20000), ("10.0.0.6", 20000)]
