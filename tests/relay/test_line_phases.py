"""The table has no holes where it matters, and no way out of nowhere."""

from irzhub.relay.line_phases import TABLE, Phase, Signal


def test_every_phase_but_away_ends_when_the_modem_goes() -> None:
    assert {phase for phase in Phase if TABLE[phase].get(Signal.DETACHED) is Phase.AWAY} == set(Phase) - {Phase.AWAY}


def test_every_phase_can_be_reached_and_left() -> None:
    reached = {after for phase in Phase for signal, after in TABLE[phase].items() if after is not phase}

    assert reached == set(Phase)


def test_only_a_free_line_or_a_turn_takes_a_question() -> None:
    assert {phase for phase in Phase if Signal.QUESTION in TABLE[phase]} == {Phase.FREE, Phase.ASKED, Phase.ANSWERED}
