"""What modems that were lost together have in common, and what is only chance."""

import time
from dataclasses import replace

import pytest

from irzhub.alerts.incident_causes import Cause, Traits, find_causes
from tests.alerts.incident_rig import number_of

OPERATORS = ("МТС", "МегаФон", "Билайн")
GROUPS = ("Север/Заречье", "Север/Садовая", "Юг", "Центр")


def fleet(count: int) -> dict[str, Traits]:
    """Modems over three operators, four groups and some fifty cells, all mixed."""
    found = {}
    for index in range(count):
        operator = OPERATORS[index % 3]
        cell = f"250-0{1 + index % 3}-{7700 + index % 5}-{3800 + index % 17}"
        found[number_of(index)] = Traits(operator, cell, GROUPS[(index // 3) % 4])
    return found


def told(causes: list[Cause]) -> list[tuple[str, str, int]]:
    return [(cause.kind, cause.name, len(cause.lost)) for cause in causes]


def lost_with(population: dict[str, Traits], kind: str, name: str) -> list[str]:
    return [modem for modem, traits in population.items() if traits.has((kind, name))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("operator", "МТС"), ("cell", "250-01-7700-3800"), ("group", "Север/Заречье"), ("group", "Север")],
)
def test_what_the_lost_have_in_common_is_the_cause(kind: str, name: str) -> None:
    population = fleet(3000)
    lost = lost_with(population, kind, name)
    stray = [number_of(index) for index in (7, 500, 1001)]

    (cause,) = find_causes(population, [*lost, *stray], 10)
    assert (cause.kind, cause.name) == (kind, name) and set(lost) <= cause.lost | set(stray)


def test_losses_all_over_the_fleet_have_no_cause() -> None:
    population = fleet(3000)

    assert find_causes(population, [number_of(index) for index in range(0, 3000, 97)], 10) == []


def test_too_few_are_no_common_cause() -> None:
    population = fleet(3000)

    assert find_causes(population, lost_with(population, "operator", "МТС")[:9], 10) == []


def test_two_causes_at_once_are_told_apart_the_greater_first() -> None:
    population = fleet(3000)
    cell = lost_with(population, "cell", "250-02-7701-3801")
    lost = {*cell, *lost_with(population, "operator", "МТС")}

    found = told(find_causes(population, lost, 10))
    assert found == [("operator", "МТС", 1000), ("cell", "250-02-7701-3801", len(cell))]


@pytest.mark.parametrize(
    ("is_uplink_up", "expected"), [(None, ("uplink", "hub")), (False, ("uplink", "hub")), (True, ("uplink", "hub"))]
)
def test_everything_lost_alike_is_the_hubs_own_uplink(is_uplink_up: bool | None, expected: tuple[str, str]) -> None:
    population = fleet(300)

    (cause,) = find_causes(population, population, 10, is_uplink_up=is_uplink_up)
    assert (cause.kind, cause.name) == expected and len(cause.lost) == 300


def test_a_fleet_of_one_operator_is_lost_by_that_when_the_uplink_works() -> None:
    population = {number_of(index): Traits("МТС", f"250-01-1-{index % 40}", GROUPS[index % 4]) for index in range(300)}

    assert told(find_causes(population, population, 10, is_uplink_up=True)) == [("operator", "МТС", 300)]
    assert told(find_causes(population, population, 10, is_uplink_up=False)) == [("uplink", "hub", 300)]


def test_a_modem_of_which_nothing_is_known_hides_no_cause() -> None:
    population = fleet(600) | {number_of(index): Traits() for index in range(600, 900)}
    lost = lost_with(population, "operator", "МТС")

    assert told(find_causes(population, lost, 10)) == [("operator", "МТС", 200)]


def test_the_evidence_counts_each_modem_once() -> None:
    population = fleet(3000)
    lost = lost_with(population, "cell", "250-01-7700-3800")
    population |= {modem: replace(population[modem], group="Север/Заречье") for modem in lost}
    (cause,) = find_causes(population, lost, 10)

    assert [share.about for share in cause.evidence] == ["cause", "area", "operator", "nearby", "others"]
    assert cause.evidence[0].lost == cause.evidence[0].of == len(lost)
    assert sum(share.of for share in cause.evidence) == 3000


def test_a_group_has_no_cells_nearby() -> None:
    population = fleet(3000)
    (cause,) = find_causes(population, lost_with(population, "group", "Юг"), 10)

    assert [share.about for share in cause.evidence] == ["cause", "others"]


def test_ten_thousand_modems_are_one_short_pass() -> None:
    population = fleet(10_000)
    lost = lost_with(population, "operator", "МТС")
    began = time.process_time()
    find_causes(population, lost, 10)

    assert time.process_time() - began < 1.0


def test_traits_name_what_they_share_from_the_outermost_group_in() -> None:
    traits = Traits("МТС", "250-01-7712-3860", "Север/Заречье")

    assert traits.trait_names() == [
        ("group", "Север"),
        ("group", "Север/Заречье"),
        ("operator", "МТС"),
        ("cell", "250-01-7712-3860"),
    ]
    assert traits.area == "250-01-7712" and Traits().area == "" and Traits().trait_names() == []
    assert traits.has(("uplink", "hub")) and not Traits().has(("cell", "x"))
