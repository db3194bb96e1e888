import pytest
from syrupy.assertion import SnapshotAssertion

from irzhub.codec.errors import LocalProtocolError, RemoteProtocolError
from irzhub.codec.irz.states import TRANSITIONS, Progress, State, Step

#: How to come into each state from the beginning.
WAYS = {
    State.GREETED: (),
    State.IDLE: (Step.ANSWER,),
    State.ASKING: (Step.ANSWER, Step.COMMAND),
    State.FAILED: (Step.BREACH,),
}
CELLS = [(state, step) for state in State for step in Step]


def progress_in(state: State) -> Progress:
    progress = Progress()
    for step in WAYS[state]:
        progress.move(step)
    assert progress.state is state
    return progress


def test_the_table(snapshot: SnapshotAssertion) -> None:
    table = {
        state.value: {step.value[0]: target.value for step, target in TRANSITIONS[state].items()} for state in State
    }

    assert table == snapshot


@pytest.mark.parametrize(("state", "step"), CELLS)
def test_every_cell(state: State, step: Step) -> None:
    progress = progress_in(state)
    target = TRANSITIONS[state].get(step)
    if target is not None:
        progress.check(step)
        assert progress.state is state

        progress.move(step)

        assert progress.state is target
        return
    error = LocalProtocolError if step.is_ours else RemoteProtocolError
    for act in (progress.check, progress.move):
        with pytest.raises(error, match=f"in state {state.value}, got {step.value[0]}$"):
            act(step)
        assert progress.state is state


def test_errors_name_what_was_expected() -> None:
    with pytest.raises(LocalProtocolError, match=r"^expected answer, cancel in state greeted, got command$"):
        progress_in(State.GREETED).move(Step.COMMAND)
    with pytest.raises(RemoteProtocolError, match=r"^expected nothing in state failed, got hello$"):
        progress_in(State.FAILED).move(Step.HELLO)


def test_whose_steps() -> None:
    assert [step.value[0] for step in Step if step.is_ours] == ["answer", "command", "cancel"]
