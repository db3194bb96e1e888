"""Who asked whom, and how it ended: one line as a transcript."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.meters.crc import crc16
from irzhub.relay.polls import LinePolls, Poll

PROGRAM = "10.0.0.7"
OTHER = "10.0.0.8"


def with_crc(text: str) -> bytes:
    frame = bytes.fromhex(text)
    return frame + crc16(frame).to_bytes(2, "little")


def read(address: int) -> bytes:
    """A Modbus question."""
    return with_crc(f"{address:02X} 03 00 00 00 02")


def answer(address: int) -> bytes:
    """And what its meter says."""
    return with_crc(f"{address:02X} 03 04 00 01 00 02")


def told(line: LinePolls) -> dict[tuple[str, str], Poll]:
    return {(poll.program, poll.address): poll for poll in line.take(1000.0)}


def test_an_answered_question_tells_when_and_how_long_it_took() -> None:
    line = LinePolls()
    line.ask(PROGRAM, read(7), 10.0)
    line.hear(answer(7)[:3], 10.5)
    line.hear(answer(7)[3:], 10.7)
    line.ask(PROGRAM, read(7), 12.0)
    line.hear(answer(7), 13.5)

    poll = told(line)[PROGRAM, "7"]
    assert (poll.protocol, poll.asked, poll.answered, poll.silent) == ("modbus", 2, 2, 0)
    assert (poll.wait_s, poll.longest_s) == (2.0, 1.5)
    assert (poll.first_asked, poll.last_asked, poll.last_answered) == (1010.0, 1012.0, 1013.5)
    assert told(line) == {}


def test_one_silent_meter_of_eight_is_told_from_its_neighbours() -> None:
    line = LinePolls()
    now = 0.0
    for _ in range(3):
        for address in range(1, 9):
            line.ask(PROGRAM, read(address), now)
            if address != 5:
                line.hear(answer(address), now + 0.3)
            now += 2.0
    line.give_up(now, now)

    polls = told(line)
    assert {address: (poll.asked, poll.answered, poll.silent) for (_, address), poll in polls.items()} == {
        str(address): (3, 0, 3) if address == 5 else (3, 3, 0) for address in range(1, 9)
    }


def test_pieces_of_a_question_are_one() -> None:
    line = LinePolls()
    question = read(7)
    line.ask(PROGRAM, question[:1], 1.0)
    line.ask(PROGRAM, question[1:5], 1.05)
    line.ask(PROGRAM, question[5:], 1.1)
    line.hear(answer(7), 1.6)

    [poll] = line.take(0.0)
    assert (poll.address, poll.asked, poll.answered) == ("7", 1, 1)


def test_a_question_put_again_after_a_while_is_another_one() -> None:
    line = LinePolls()
    line.ask(PROGRAM, read(7), 1.0)
    line.ask(PROGRAM, read(7), 3.0)
    line.hear(answer(7), 3.2)

    poll = told(line)[PROGRAM, "7"]
    assert (poll.asked, poll.answered, poll.silent) == (2, 1, 1)


def test_the_echo_of_a_two_wire_line_is_no_answer() -> None:
    line = LinePolls()
    line.ask(PROGRAM, read(7), 1.0)
    line.hear(read(7), 1.1)
    assert line.is_open
    line.hear(answer(7), 1.5)

    assert told(line)[PROGRAM, "7"].answered == 1


def test_another_meter_that_answers_is_named() -> None:
    line = LinePolls()
    line.ask(PROGRAM, read(7), 1.0)
    line.hear(answer(12), 1.5)
    line.give_up(70.0, 70.0)

    poll = told(line)[PROGRAM, "7"]
    assert (poll.answered, poll.silent, poll.other) == (0, 1, "12")


def test_a_modem_that_leaves_takes_the_open_question_with_it() -> None:
    line = LinePolls()
    line.ask(PROGRAM, read(7), 1.0)
    line.lose()
    line.hear(answer(7), 2.0)

    poll = told(line)[PROGRAM, "7"]
    assert (poll.asked, poll.answered, poll.silent, poll.lost) == (1, 0, 0, 1)


@pytest.mark.parametrize("why", ["away", "busy", "refused"])
def test_a_question_that_never_went_out_has_its_reason(why: str) -> None:
    line = LinePolls()
    line.turn_away(PROGRAM, read(7), 1.0, why)  # type: ignore[arg-type]

    poll = told(line)[PROGRAM, "7"]
    assert (poll.asked, getattr(poll, why), poll.answered) == (1, 1, 0)


def test_an_open_question_is_told_of_once_with_its_end() -> None:
    line = LinePolls()
    line.ask(PROGRAM, read(7), 1.0)
    assert told(line) == {}
    line.hear(answer(7), 2.0)

    poll = told(line)[PROGRAM, "7"]
    assert (poll.asked, poll.answered, poll.first_asked, poll.wait_s) == (1, 1, 1001.0, 1.0)


def test_what_follows_a_sign_on_is_for_the_same_meter() -> None:
    line = LinePolls()
    line.ask(PROGRAM, b"/?41190273!\r\n", 1.0)
    line.hear(b"/EKT5CE102M", 1.5)
    line.hear(b"v01\r\n", 1.6)
    line.ask(PROGRAM, b"\x06050\r\n", 2.0)
    line.hear(b"\x020.0.0(41190273)\r\n", 2.5)
    line.ask(PROGRAM, read(7), 3.0)
    line.hear(answer(7), 3.5)
    line.ask(PROGRAM, b"\x06050\r\n", 300.0)
    line.hear(b"x", 300.5)

    polls = told(line)
    assert (polls[PROGRAM, "41190273"].asked, polls[PROGRAM, "41190273"].identity) == (2, "EKT5CE102Mv01")
    assert polls[PROGRAM, "7"].answered == 1
    assert polls[PROGRAM, ""].protocol == ""


def test_the_serial_number_of_a_mercury_is_picked_up_by_the_way() -> None:
    line = LinePolls()
    line.ask(PROGRAM, with_crc("2A 08 00"), 1.0)
    whole = with_crc("2A 29 13 02 49 0C 05 18")
    line.hear(whole[:4], 1.5)
    line.hear(whole[4:], 1.6)

    poll = told(line)[PROGRAM, "42"]
    assert (poll.identity, poll.asked, poll.answered) == ("41190273", 1, 1)


def test_each_program_is_counted_by_itself() -> None:
    line = LinePolls()
    for program in (PROGRAM, OTHER, PROGRAM):
        line.ask(program, read(7), 1.0)
        line.hear(answer(7), 1.1)

    assert {key: poll.asked for key, poll in told(line).items()} == {(PROGRAM, "7"): 2, (OTHER, "7"): 1}


def test_noise_cannot_grow_a_line_without_end() -> None:
    line = LinePolls()
    for number in range(2000):
        line.turn_away(PROGRAM, b"/?%d!\r\n" % number, 1.0, "away")
    assert len(told(line)) <= 302


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(("ask", "hear", "lose", "give_up", "take", "turn_away")),
        st.one_of(st.binary(max_size=12), st.sampled_from([read(1), answer(1), read(2), b"/?1!\r\n", b"/ABC5x\r\n"])),
        st.floats(0.0, 40.0),
        st.sampled_from((PROGRAM, OTHER)),
    ),
    max_size=60,
)


@given(_STEPS)
def test_every_question_ends_in_exactly_one_way(steps: list[tuple[str, bytes, float, str]]) -> None:
    line, now, polls = LinePolls(), 0.0, []
    for step, data, later_s, program in steps:
        now += later_s
        if step == "ask":
            line.ask(program, data, now)
        elif step == "hear":
            line.hear(data, now)
        elif step == "lose":
            line.lose()
        elif step == "give_up":
            line.give_up(now - 30.0, now)
        elif step == "turn_away":
            line.turn_away(program, data, now, "busy")
        else:
            polls += line.take(0.0)
    line.give_up(now + 1.0, now + 1000.0)
    polls += line.take(0.0)

    assert line.is_idle
    assert line.take(0.0) == []
    for poll in polls:
        assert min(poll.answered, poll.silent, poll.lost, poll.busy) >= 0
    ended = sum(poll.answered + poll.silent + poll.lost + poll.away + poll.busy + poll.refused for poll in polls)
    assert sum(poll.asked for poll in polls) == ended


_PASSED = st.lists(
    st.tuples(
        st.booleans(),
        st.sampled_from([read(1), read(2), answer(1), answer(2), b"/?1!\r\n", b"?", b"?!"]),
        st.floats(0.0, 3.0),
    ),
    min_size=1,
    max_size=12,
)


@given(st.lists(_PASSED, min_size=1, max_size=4), st.integers(1, 6))
def test_what_passes_in_one_go_counts_as_if_it_came_piece_by_piece(
    gos: list[list[tuple[bool, bytes, float]]], times: int
) -> None:
    at_once, one_by_one, now = LinePolls(), LinePolls(), 0.0
    for go in gos:
        moments = []
        for is_question, piece, later_s in go * times:
            now += later_s
            moments.append(now)
            if is_question:
                one_by_one.ask(PROGRAM, piece, now)
            else:
                one_by_one.hear(piece, now)
        at_once.passed(PROGRAM, moments, [each[0] for each in go * times], [each[1] for each in go * times])
        assert at_once.is_open == one_by_one.is_open
    for line in (at_once, one_by_one):
        line.give_up(now + 1.0, now + 1.0)

    wanted, got = told(one_by_one), told(at_once)
    assert {key: poll.wait_s for key, poll in got.items()} == pytest.approx(
        {key: poll.wait_s for key, poll in wanted.items()}
    )
    for poll in (*wanted.values(), *got.values()):
        poll.wait_s = 0.0
    assert got == wanted
