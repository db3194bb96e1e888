"""Filters, orders and cursors without a server."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.core.state import ModemState
from irzhub.web.paging import READ, Order, read_cursor, read_filter, read_order, take_page, write_cursor
from irzhub.web.problem import Problem


def modem(number: int, **values: object) -> ModemState:
    name = f"{868441036775000 + number}"
    return ModemState(modem=name, imei=name, **values)  # type: ignore[arg-type]  # values by name, for short


FLEET = [
    modem(1, name="Школа № 5", group="Север", link="online", csq=12, port=20001, organisation="teplo"),
    modem(
        2,
        name="Дверь [Садовая]",
        group="Северный РЭС",
        link="offline",
        csq=31,
        port=20002,
        default_password=True,
        phone_sim1="+79211234567",
    ),
    modem(3, name="Баня", group="Юг", link="online", confirmed=False, port=20003, comment="ключ у сторожа"),
]


def found(text: str) -> list[int]:
    test = read_filter(text)
    return [int(state.modem) - 868441036775000 for state in FLEET if test(state)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", [1, 2, 3]),
        ("state:online", [1, 3]),
        ("state:ONLINE group:север", [1]),
        ("group:север*", [1, 2]),
        ("name:*[садовая]*", [2]),
        ('name:"школа № 5"', [1]),
        ("сторожа", [3]),
        ("20002", [2]),
        ("868441036775003", [3]),
        ("csq:31", [2]),
        ("csq:", [3]),
        ("stale:true", [2, 3]),
        ("default_password:true", [2]),
        ("group:юг state:offline", []),
        ("port:2000?", [1, 2, 3]),
        ("organisation:teplo", [1]),
        ("organisation:", [2, 3]),
        ("+7921", [2]),
        ("group:=Юг", [3]),
        ("name:=*", []),
    ],
)
def test_a_filter_finds(text: str, numbers: list[int]) -> None:
    assert found(text) == numbers


def test_a_group_holds_all_below_it() -> None:
    paths = ["Север", "Север/Котельные", "Север/Котельные/7", "Северный РЭС", ""]
    fleet = [modem(number, group=path) for number, path in enumerate(paths)]

    def grouped(text: str) -> list[str]:
        return [state.group for state in fleet if read_filter(text)(state)]

    assert grouped("group:север") == paths[:3]
    assert grouped("group:=север") == ["Север"]
    assert grouped("group:север/котельные") == paths[1:3]
    assert grouped("group:") == [""]


@pytest.mark.parametrize(
    ("sort", "numbers"), [("csq", [1, 2, 3]), ("-csq", [2, 1, 3]), ("name", [3, 2, 1]), ("-port", [3, 2, 1])]
)
def test_unknown_values_stand_last_in_both_directions(sort: str, numbers: list[int]) -> None:
    page = take_page(FLEET, read_filter(None), read_order(sort), None, 10)

    assert [int(state.modem) - 868441036775000 for state in page.rows] == numbers


def pages(states: list[ModemState], sort: str, limit: int) -> Iterator[list[str]]:
    cursor: str | None = None
    while True:
        page = take_page(states, read_filter(None), read_order(sort), cursor, limit)
        yield [state.modem for state in page.rows]
        if (cursor := page.next) is None:
            return


@given(
    csqs=st.lists(st.none() | st.integers(0, 31), max_size=40),
    sort=st.sampled_from(["csq", "-csq", "modem", "-modem", "name", "-last_seen"]),
    limit=st.integers(1, 7),
)
def test_pages_show_each_modem_once_in_order(csqs: list[int | None], sort: str, limit: int) -> None:
    states = [modem(number, csq=csq, name=f"n{number % 3}") for number, csq in enumerate(csqs)]

    shown = [name for page in pages(states, sort, limit) for name in page]

    order = read_order(sort)
    assert shown == [state.modem for state in sorted(states, key=order.place)]


@pytest.mark.parametrize("field", READ)
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_cursor_comes_back_as_it_went(field: str, sign: str) -> None:
    order = read_order(sign + field)
    place = order.place(FLEET[1])

    assert read_cursor(write_cursor(place, order), order) == place


def test_a_cursor_of_another_order_is_refused() -> None:
    cursor = write_cursor(Order("name", descending=False).place(FLEET[0]), Order("name", descending=False))

    for other in (Order("name", descending=True), Order("csq", descending=False)):
        with pytest.raises(Problem, match="in the same order"):
            read_cursor(cursor, other)


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(text: str) -> None:
    for read in (lambda: read_filter(text)(FLEET[0]), lambda: read_cursor(text, Order("csq", descending=False))):
        try:
            read()
        except Problem as problem:
            assert problem.status == 400
