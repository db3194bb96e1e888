"""After a start: the hub trusts its picture when the fleet is back, or when the grace is over."""

from irzhub.fleet.comeback import QUIET_S, Comeback

FLEET = [f"{number:015d}" for number in range(100)]


def _comeback(*modems: str) -> Comeback:
    comeback = Comeback(grace_s=180.0, started=1000.0)
    comeback.expect(modems)
    return comeback


def test_is_over_at_once_when_nobody_was_online() -> None:
    assert _comeback().is_over(1000.0)


def test_is_over_at_once_when_all_are_back() -> None:
    comeback = _comeback(*FLEET)
    assert not comeback.is_over(1000.1)

    assert all(comeback.returned(modem, 1001.0) for modem in FLEET)

    assert comeback.is_over(1001.0)
    assert comeback.missing == frozenset()


def test_is_over_when_95_percent_are_back_and_nobody_comes_any_more() -> None:
    comeback = _comeback(*FLEET)
    for modem in FLEET[:95]:
        comeback.returned(modem, 1010.0)

    assert not comeback.is_over(1010.0)
    assert comeback.is_over(1010.0 + QUIET_S)
    assert comeback.missing == frozenset(FLEET[95:])


def test_straggler_puts_the_end_off() -> None:
    comeback = _comeback(*FLEET)
    for modem in FLEET[:95]:
        comeback.returned(modem, 1010.0)
    comeback.returned(FLEET[95], 1014.0)

    assert not comeback.is_over(1010.0 + QUIET_S)
    assert comeback.is_over(1014.0 + QUIET_S)


def test_94_percent_wait_for_the_grace() -> None:
    comeback = _comeback(*FLEET)
    for modem in FLEET[:94]:
        comeback.returned(modem, 1001.0)

    assert not comeback.is_over(1179.9)
    assert comeback.is_over(1180.0)


def test_unexpected_and_repeated_returns_do_not_count() -> None:
    comeback = _comeback(*FLEET[:2])

    assert not comeback.returned("999999999999999", 1001.0)
    assert comeback.returned(FLEET[0], 1001.0)
    assert not comeback.returned(FLEET[0], 1002.0)
    assert comeback.missing == frozenset({FLEET[1]})


def test_deleted_modem_is_not_waited_for() -> None:
    comeback = _comeback(FLEET[0])

    comeback.forget(FLEET[0])

    assert comeback.is_over(1000.1)
