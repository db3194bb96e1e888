"""How a common cause went, and the table of its modems for the operator of the network."""

import pytest

from irzhub.storage.incidents import MemberRow
from irzhub.web.alert_detail import course_of, to_csv
from tests.alerts.incident_rig import MODEM, later, number_of


def members(*times: tuple[float, float | None]) -> list[MemberRow]:
    """Modems by when they were lost and came back, in seconds."""
    return [
        MemberRow(7, number_of(index), later(lost), None if back is None else later(back))
        for index, (lost, back) in enumerate(times)
    ]


def test_losses_and_returns_are_counted_by_steps() -> None:
    course = course_of(members((0, None), (3, 25), (12, 29), (12, None)), later(30))

    assert course["step_s"] == 10
    assert [(point["lost"], point["returned"]) for point in course["points"]] == [(2, 0), (2, 0), (0, 2), (0, 0)]
    assert course["points"][0]["at"] == "2026-11-23T02:14:03.000Z"


@pytest.mark.parametrize(
    ("lasted_s", "step_s"),
    [(0, 10), (600, 10), (601, 30), (1801, 60), (3600, 60), (3601, 300), (86400, 3600), (400 * 86400, 7 * 86400)],
)
def test_there_are_at_most_some_sixty_steps_however_long_it_lasts(lasted_s: int, step_s: int) -> None:
    course = course_of(members((0, None)), later(lasted_s))

    assert course["step_s"] == step_s and len(course["points"]) <= 61


def test_a_late_loss_is_within_the_course() -> None:
    course = course_of(members((0, 5), (95, None)), until=later(60))

    assert sum(point["lost"] for point in course["points"]) == 2


def row(**fields: str | None) -> dict[str, str | None]:
    names = ("modem", "name", "group", "site", "address", "phone", "iccid", "operator", "cell", "state")
    return dict.fromkeys((*names, "lost_at", "returned_at", "detail")) | fields


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@SUM(1)", "'@SUM(1)"),
        ("-1+1", "'-1+1"),
        ("+1+cmd", "'+1+cmd"),
        ("+79211234567", "+79211234567"),
        ("КНС;4", '"КНС;4"'),
        (None, ""),
    ],
)
def test_a_table_holds_no_formula(value: str | None, cell: str) -> None:
    table = to_csv([row(modem=MODEM, name=value)]).decode("utf-8-sig")
    head, line, _ = table.split("\r\n")

    assert head.startswith("modem;name;group") and line.startswith(f"{MODEM};{cell};")
