import pytest

from irzhub.fleet.job_plan import Staging, plan_steps


@pytest.mark.parametrize(
    ("total", "steps"),
    [
        (1, [1]),
        (5, [5]),
        (6, [5, 6]),
        (11, [5, 11]),
        (50, [5, 50]),
        (51, [5, 50, 51]),
        (200, [5, 50, 200]),
        (501, [5, 50, 51, 501]),
        (5000, [5, 50, 500, 5000]),
        (12000, [5, 50, 1200, 12000]),
    ],
)
def test_steps(total: int, steps: list[int]) -> None:
    assert plan_steps(total, in_steps=True) == steps
    assert plan_steps(total, in_steps=False) == [total]


@pytest.mark.parametrize(("size", "limit"), [(1, 1), (5, 1), (50, 1), (51, 2), (100, 2), (500, 10), (11_000, 220)])
def test_how_many_lost_modems_stop_a_step(size: int, limit: int) -> None:
    assert Staging().limit(size) == limit


@pytest.mark.parametrize(
    ("is_dangerous", "total", "is_due"), [(True, 10, False), (True, 11, True), (False, 12_000, False)]
)
def test_when_a_job_goes_in_steps(is_dangerous: bool, total: int, is_due: bool) -> None:
    assert Staging().is_due(is_dangerous, total) is is_due
