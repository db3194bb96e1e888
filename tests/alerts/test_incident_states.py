"""The table of how an incident stands, whole: a wrong cell added to it is seen here."""

from irzhub.alerts.incident_states import TABLE, Signal, Standing, after

GRID = """
             bad         good        held        close
none         open        none        none        none
open         open        recovering  open        closed
recovering   open        recovering  closed      closed
closed       closed      closed      closed      closed
"""


def test_the_table_is_this() -> None:
    head, *rows = [line.split() for line in GRID.strip().splitlines()]
    written = {(row[0], signal): row[1:][column] for row in rows for column, signal in enumerate(head)}

    assert {(standing.value, signal.value): to.value for (standing, signal), to in TABLE.items()} == written
    assert len(TABLE) == len(Standing) * len(Signal)


def test_what_flaps_stays_one_incident_until_it_has_stayed_good() -> None:
    standing = Standing.NONE
    for _ in range(100):
        standing = after(after(standing, Signal.BAD), Signal.GOOD)
    assert standing is Standing.RECOVERING

    assert after(standing, Signal.HELD) is Standing.CLOSED
