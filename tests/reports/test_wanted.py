"""What somebody wants a report of."""

from typing import Any

import pytest

from irzhub.reports.wanted import Wanted, subjects_of
from tests.reports.fleet import ONE, SIM, STATES, THREE, TWO, state, wanted


@pytest.mark.parametrize(
    ("about", "modems"),
    [
        ({}, [ONE, TWO, THREE]),
        ({"modem": TWO}, [TWO]),
        ({"group": "Юг"}, [THREE]),
        ({"organisation": "north"}, [ONE]),
        ({"limit_organisations": ("south",)}, [TWO]),
        ({"limit_organisations": ()}, []),
        ({"limit_groups": ("Юг",), "modem": ONE}, []),
        ({"limit_groups": ("Север",)}, [ONE, TWO]),
    ],
)
def test_modems_of_a_report(about: dict[str, Any], modems: list[str]) -> None:
    assert list(subjects_of(STATES, wanted("signal", **about))) == modems


def test_modems_that_await_approval_are_in_none() -> None:
    assert subjects_of([state(ONE, link="quarantined")], wanted("signal")) == {}


def test_the_operator_is_told_from_the_sim_card() -> None:
    subject = subjects_of(STATES, wanted("signal"))[ONE]

    assert (subject.operator, subject.iccid, subject.name) == ("МТС", SIM, "Котельная 1")


@pytest.mark.parametrize("about", [{}, {"group": "Север", "limit_groups": ("Юг",), "language": "en"}])
def test_it_is_stored_and_read_back(about: dict[str, Any]) -> None:
    before = wanted("signal", **about)

    assert Wanted.from_json(before.to_json()) == before


def test_whether_it_is_of_the_whole_hub() -> None:
    assert wanted("alerts").is_of_all
    assert not wanted("alerts", group="Север").is_of_all
    assert not wanted("alerts", limit_groups=("Север",)).is_of_all
