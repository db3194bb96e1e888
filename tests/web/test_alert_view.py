"""What a caller sees of an incident, and as what."""

from dataclasses import replace
from typing import Any

import pytest

from irzhub.alerts.incident_words import Words
from irzhub.core.bus import Bus
from irzhub.core.state import StateStore
from irzhub.storage.incidents import IncidentRow, MemberRow
from irzhub.web.alert_view import alert_json, seen_row
from irzhub.web.identity import WHOLE, Identity, Scope
from irzhub.web.models_alerts import Alert
from tests.alerts.incident_rig import MODEM, NOW, OTHER, later, online

ROW = IncidentRow(
    number=17, kind="gpi_alarm", subject=f"{MODEM}/gpi/1", modem=MODEM, severity="alarm", opened_at=NOW,
    last_seen_at=NOW, facts={"pin": 1, "level": "ON", "name": "дверь"}, is_told=True,
)  # fmt: skip
CAUSE = replace(
    ROW, kind="common_cause", modem=None,
    facts={"cause": "operator", "name": "МТС", "members": 9, "away": 8, "evidence": [{"about": "cause"}]},
)  # fmt: skip
PART = replace(ROW, kind="hub_part", subject="hub/mqtt", modem=None)
NORTH = Scope(organisations=frozenset({"north"}))


@pytest.fixture
def states() -> StateStore:
    made = StateStore(Bus())
    made.add(online(name="ТП-1187", group="Север", organisation="north", site="01S"))
    made.add(online(OTHER, organisation="south"))
    return made


def caller(scope: Scope) -> Identity:
    return Identity("анна", "operator", frozenset(), scope)


@pytest.mark.parametrize(
    ("row", "members", "scope", "is_seen"),
    [
        (ROW, [], WHOLE, True),
        (PART, [], WHOLE, True),
        (CAUSE, [], WHOLE, True),
        (ROW, [], NORTH, True),
        (replace(ROW, modem=OTHER), [], NORTH, False),
        (replace(ROW, modem="868441036779999"), [], NORTH, False),
        (PART, [], NORTH, False),
        (CAUSE, [], NORTH, False),
        (CAUSE, [MemberRow(17, MODEM, NOW)], NORTH, True),
    ],
)
def test_what_is_anothers_does_not_exist(
    states: StateStore, row: IncidentRow, members: list[MemberRow], scope: Scope, is_seen: bool
) -> None:
    assert (seen_row(caller(scope), states, row, members) is not None) == is_seen


def test_of_a_common_cause_only_ones_own_modems_count(states: StateStore) -> None:
    own = [MemberRow(17, MODEM, NOW), MemberRow(17, MODEM, NOW, later(5))]
    seen = seen_row(caller(NORTH), states, CAUSE, own)

    assert seen is not None and (seen.facts["members"], seen.facts["away"], seen.facts["evidence"]) == (2, 1, [])
    assert seen_row(caller(WHOLE), states, CAUSE, []) == CAUSE


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, {"state": "open", "lasts_s": 60.0, "closed_at": None, "silenced": False, "muted": None}),
        ({"good_since": later(9)}, {"state": "recovering", "is_recovering": True}),
        ({"good_since": later(9), "closed_at": later(9), "closed_by": ""}, {"state": "closed", "lasts_s": 9.0}),
        ({"silenced_until": later(61)}, {"silenced": True}),
        ({"silenced_until": later(59)}, {"silenced": False}),
        ({"muted": "maintenance", "owner": "анна"}, {"muted": "maintenance", "owner": "анна"}),
        ({"modem": OTHER}, {"modem_name": OTHER, "group": "", "site": None}),
        ({"modem": "868441036779999"}, {"modem_name": None, "group": None}),
        ({}, {"modem_name": "ТП-1187", "group": "Север", "site": "01S", "where": None, "visit": None}),
    ],
)
def test_the_object_says_how_it_stands(states: StateStore, changes: dict[str, Any], shown: dict[str, Any]) -> None:
    said = alert_json(replace(ROW, **changes), Words("ru", lambda modem: modem), states, later(60))

    assert {name: said[name] for name in shown} == shown
    assert set(said) == set(Alert.model_fields), "the model tells of the same"


def test_a_common_cause_says_where_and_how_many(states: StateStore) -> None:
    said = alert_json(CAUSE, Words("ru", str), states, NOW)

    assert (said["where"], said["members"], said["away"], said["modem_name"]) == ("МТС", 9, 8, None)
    uplink = replace(CAUSE, facts={"cause": "uplink", "name": "hub"})
    assert alert_json(uplink, Words("en", str), states, NOW)["where"] == "the hub's uplink"
