"""Ladders: who is told next while nobody answers, how often, and what ends it."""

from datetime import timedelta

import pytest

from irzhub.alerts.directory_entries import Ladder, LadderStep
from irzhub.alerts.escalations import Escalations, as_json, from_json
from irzhub.alerts.messages import Message, Recipient
from tests.alerts.outbox_rig import NOW, Cases, message

LADDER = Ladder((LadderStep(("anna",)), LadderStep(("chief",), 300.0, ("call",))), repeat_every_s=600.0, repeats=2)


def climb(ladders: Escalations, minutes: int) -> list[tuple[int, tuple[str, ...], str]]:
    """Let minutes pass; return when whom the ladders told."""
    return [
        (minute, each.targets, each.event_id.rpartition("/")[2])
        for minute in range(minutes + 1)
        for each in ladders.tick(NOW + timedelta(minutes=minute))
    ]


def begun(cases: Cases | None = None, told: Message | None = None) -> Escalations:
    ladders = Escalations({"тревога": LADDER}.get, cases or Cases())
    ladders.start(told or message(incident=17), "тревога", NOW)
    return ladders


def test_steps_follow_each_other_and_the_last_one_repeats() -> None:
    ladders = begun()

    assert climb(ladders, 60) == [
        (0, ("anna",), "0.0"),
        (5, ("chief",), "1.0"),
        (15, ("chief",), "1.1"),
        (25, ("chief",), "1.2"),
    ]
    assert [(row.ended_by, row.next_at) for row in ladders.take_changed()] == [("nobody answered", None)]
    assert ladders.next_due() is None


def test_what_a_step_says_is_the_message_to_others() -> None:
    said = begun().tick(NOW)[0]

    assert (said.rule, said.text, said.incident, said.damp_s) == ("escalation/тревога", message().text, 17, 0.0)
    assert (said.targets, said.channels, said.recipients) == (("anna",), (), ())


@pytest.mark.parametrize("ending", ["acknowledged", "closed", "stopped", "deleted"])
def test_a_ladder_ends_once_somebody_has_it_in_hand(ending: str) -> None:
    cases, known = Cases(), {"тревога": LADDER}
    ladders = Escalations(known.get, cases)
    ladders.start(message(incident=17), "тревога", NOW)
    assert len(ladders.tick(NOW)) == 1

    match ending:
        case "acknowledged":
            cases.acknowledged[17] = "anna"
        case "closed":
            cases.closed.add(17)
        case "stopped":
            assert ladders.stop(17, "anna", NOW) == ["тревога"]
        case _:
            known.clear()

    assert climb(ladders, 60) == []
    assert ladders.runs == {}


def test_incidents_of_one_cause_climb_one_ladder_once() -> None:
    cases = Cases(root={18: 17})
    ladders = begun(cases)
    ladders.start(message(2, incident=18), "тревога", NOW)
    ladders.start(message(3, incident=17), "тревога", NOW)

    assert list(ladders.runs) == [(17, "тревога")]
    assert ladders.is_climbing(17) and not ladders.is_climbing(18)


def test_nothing_climbs_for_what_somebody_has_in_hand_or_by_a_name_of_nothing() -> None:
    ladders = begun(Cases(acknowledged={17: "anna"}))
    ladders.start(message(incident=18), "нет такой", NOW)

    assert ladders.runs == {}


def test_a_ladder_goes_on_after_a_restart_where_it_was() -> None:
    before = begun()
    climb(before, 5)
    after = Escalations({"тревога": LADDER}.get, Cases())
    after.restore(before.take_changed())

    assert after.take_changed() == []
    assert climb(after, 60) == [(15, ("chief",), "1.1"), (25, ("chief",), "1.2")]


def test_a_message_is_kept_as_json() -> None:
    told = message(
        incident=17, title="Дверь", targets=(), recipients=(Recipient("sms", "+7921", "anna"),), severity="alarm"
    )

    assert from_json(as_json(told)) == told


def test_people_may_have_the_next_step_climbed_at_once() -> None:
    ladders = begun()
    assert len(ladders.tick(NOW)) == 1

    assert ladders.hasten(17, NOW) == ["тревога"]
    assert [each.targets for each in ladders.tick(NOW)] == [("chief",)]
    assert ladders.hasten(99, NOW) == []


def test_a_ladder_climbs_again_when_nobody_has_it_in_hand_after_all() -> None:
    ladders = begun()
    first = ladders.tick(NOW)[0]
    ladders.stop(17, "anna", NOW)
    ended = ladders.take_changed()
    later = NOW + timedelta(minutes=1)

    ladders.resume(ended, later)
    ladders.resume(ended, later)

    again = ladders.tick(later)
    assert [each.targets for each in again] == [("anna",)]
    assert again[0].event_id != first.event_id, "or it would count as told already"


def test_a_silenced_incident_waits_and_goes_on() -> None:
    cases = Cases(silenced={17})
    ladders = begun(cases)

    assert climb(ladders, 5) == []
    cases.silenced.clear()
    assert [each.targets for each in ladders.tick(NOW + timedelta(minutes=6))] == [("anna",)]
