import json
from dataclasses import replace

import pytest
from sqlalchemy import insert

from irzhub.storage.dump_rows import SECTIONS, count_rows, parse_row, read_rows
from irzhub.storage.errors import BackupError
from irzhub.storage.history_events import insert_events as record_events
from irzhub.storage.inputs import InputRow, save_input
from irzhub.storage.local import Connection
from irzhub.storage.modems import save_modem
from irzhub.storage.tables_local import modems
from tests.storage.rows import MODEM, event, modem_row


def test_a_row_survives_the_way_through_json(local: Connection) -> None:
    save_modem(local, replace(modem_row(), overrides={"a": [1]}))
    section = SECTIONS["local/modems"]
    (line,) = read_rows(local, section, "main")

    values = parse_row(section, json.loads(json.dumps(line)))
    local.execute(modems.delete())
    local.execute(insert(modems), [values])

    assert list(read_rows(local, section, "main")) == [line]
    assert line["registered_at"] == "2026-11-21T18:57:03.120Z"


def test_history_rows_are_those_of_one_hub_and_do_not_name_it(history_connection: Connection) -> None:
    record_events(history_connection, "main", [event(1), event(2)])
    record_events(history_connection, "south", [replace(event(3), id="01KSOUTH")])
    section = SECTIONS["history/events"]

    rows = list(read_rows(history_connection, section, "main"))
    assert [row["seq"] for row in rows] == [1, 2]
    assert "hub" not in rows[0]
    assert count_rows(history_connection, section, "main") == 2
    assert [row["seq"] for row in read_rows(history_connection, section, "main", after_seq=1)] == [2]


GOOD = {"modem": MODEM, "pin": 1, "name": "дверь", "invert": True, "debounce_s": 0.5, "normal": None}


def test_a_good_line_is_taken(local: Connection) -> None:
    save_input(local, InputRow(**parse_row(SECTIONS["local/inputs"], GOOD)))

    assert list(read_rows(local, SECTIONS["local/inputs"], "")) == [GOOD]


@pytest.mark.parametrize(
    "bad",
    [
        [],
        "text",
        {**GOOD, "extra": 1},
        {name: value for name, value in GOOD.items() if name != "pin"},
        {**GOOD, "pin": "1"},
        {**GOOD, "pin": None},
        {**GOOD, "name": 5},
        {**GOOD, "name": ["x"]},
        {**GOOD, "invert": "yes"},
        {**GOOD, "debounce_s": "0.5"},
        {**GOOD, "debounce_s": 10**30},
        {**GOOD, "pin": 1 << 63},
        {**GOOD, "name": "\ud800"},
    ],
    ids=str,
)
def test_a_line_of_another_shape_is_refused(bad: object) -> None:
    with pytest.raises(BackupError, match="local/inputs"):
        parse_row(SECTIONS["local/inputs"], bad)


@pytest.mark.parametrize("moment", ["yesterday", "2026-11-21T18:57:03", "0001-01-01T00:00:00+01:00", 5, None])
def test_a_moment_that_is_none_is_refused(moment: object) -> None:
    line = {"modem": MODEM, "pin": 1, "is_output": False, "level": "ON", "at": moment}

    with pytest.raises(BackupError, match=r"local/pins\.at"):
        parse_row(SECTIONS["local/pins"], line)
