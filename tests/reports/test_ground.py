"""What reports stand on."""

from irzhub.reports.ground import FEW, modem_cells
from irzhub.reports.report import MOST_ROWS, Column
from tests.reports.fleet import ONE, STATES, ask, state, wanted


def test_few_modems_are_asked_for_by_name() -> None:
    many = [state(f"86844103677{number:04}") for number in range(FEW + 1)]

    assert ask(wanted("signal"), many).modems is None
    assert ask(wanted("signal"), many[:FEW]).modems == frozenset(each.modem for each in many[:FEW])


def test_a_table_has_no_more_rows_than_it_may() -> None:
    columns = (Column("modem", "modem"),)
    report = ask(wanted("signal")).report(columns, [(ONE,)] * (MOST_ROWS + 1), {"modems": 1})

    assert (len(report.rows), report.is_cut, report.total) == (MOST_ROWS, True, {"modems": 1})
    assert not ask(wanted("signal")).report(columns, [(ONE,)]).is_cut


def test_a_modem_in_a_table() -> None:
    assert modem_cells(ask(wanted("signal"), STATES).subjects[ONE]) == (ONE, "Котельная 1", "Север")
