"""The last runs of each rule are kept, the tellers longer than the silent ones."""

from irzhub.automation.traces import KEPT, KEPT_UNMET, LEAST, MOST, MOST_STEPS, Result, Trace, Traces
from tests.automation.rig import START


def trace(number: int, result: Result = "done", rule: str = "r") -> Trace:
    return Trace(id=f"{number:04d}", rule=rule, ts=START, trigger=0, event={}, result=result)


def test_runs_that_ended_at_their_conditions_do_not_push_the_others_out() -> None:
    traces = Traces()
    traces.add(trace(0))
    for number in range(1, 100):
        traces.add(trace(number, "conditions"))

    found = traces.of("r")

    assert [each["id"] for each in found] == ["0099", "0098", "0097", "0096", "0095", "0000"]
    assert len(found) == KEPT_UNMET + 1
    assert traces.counts == {"r": {"done": 1, "conditions": 99}}


def test_old_runs_make_room() -> None:
    traces = Traces()
    for number in range(50):
        traces.add(trace(number))
    assert len(traces.of("r")) == KEPT


def test_what_changed_is_taken_once() -> None:
    traces = Traces()
    traces.add(trace(1))
    assert {rule: len(found) for rule, found in traces.take_changed().items()} == {"r": 1}
    assert traces.take_changed() == {}
    traces.forget("r")
    assert traces.take_changed() == {"r": []}


def test_what_was_kept_is_there_again() -> None:
    before, after = Traces(), Traces()
    before.add(trace(1))
    before.add(trace(2, "conditions"))
    after.load("r", before.of("r"))
    assert after.of("r") == before.of("r")


def test_a_long_run_keeps_its_beginning_and_its_end() -> None:
    run = trace(1)
    for number in range(200):
        run.step(f"actions[{number}]", True, text="x" * 1000)

    assert len(run.steps) == MOST_STEPS
    assert (run.steps[0]["path"], run.steps[-1]["path"]) == ("actions[0]", "actions[199]")
    assert len(run.steps[0]["text"]) == 300


def test_a_storm_through_many_rules_is_taken_in_parts() -> None:
    traces = Traces()
    for number in range(5):
        traces.add(trace(number, rule=f"r{number}"))
    assert [len(traces.take_changed(2)) for _ in range(4)] == [2, 2, 1, 0]


def test_of_very_many_rules_each_has_fewer() -> None:
    traces = Traces()
    for number in range(3 * (MOST // 2)):
        traces.add(trace(number, rule=f"r{number % (MOST // 2)}"))
    assert {len(traces.of(f"r{number}")) for number in range(MOST // 2)} == {LEAST}
