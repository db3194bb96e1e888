"""When a meter counts as silent, as answering again, as another one."""

from datetime import UTC, datetime

from irzhub.core.events import Event, MeterAnswering, MeterChanged, MeterSilent
from irzhub.fleet.meter_watch import MeterWatch
from irzhub.relay.polls import Poll
from irzhub.storage.meters import MeterRow

MODEM = "868441036775234"
MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC).timestamp()


class Line:
    """One line whose meters are asked once a minute."""

    def __init__(self) -> None:
        self.watch = MeterWatch(lambda modem, address: meter if (modem, address) == (MODEM, "7") else None)
        self.minute = 0

    def ask(self, answers: str, address: str = "7", identity: str = "") -> list[Event]:
        """`+` is an answered question, `-` one in vain; each is told by itself."""
        events: list[Event] = []
        for answer in answers:
            self.minute += 1
            at = MIDNIGHT + 60 * self.minute
            poll = Poll(
                program="10.0.0.7",
                protocol="modbus",
                address=address,
                asked=1,
                answered=int(answer == "+"),
                silent=int(answer == "-"),
                first_asked=at,
                last_asked=at,
                last_answered=at + 1 if answer == "+" else 0.0,
                identity=identity,
            )
            events += self.watch.note(MODEM, poll)
        return events


meter = MeterRow(
    id="01J", modem=MODEM, type="Меркурий 230", serial="41190273", address="7", created_at=datetime.now(UTC)
)


def test_the_fourth_question_in_vain_tells_a_meter_that_never_failed() -> None:
    line = Line()
    assert line.ask("++++---") == []
    [silent] = line.ask("-")
    assert isinstance(silent, MeterSilent)
    assert (silent.address, silent.in_vain, silent.meter, silent.serial) == ("7", 4, "Меркурий 230", "41190273")
    assert silent.last_answered == datetime(2026, 11, 21, 0, 4, 1, tzinfo=UTC)
    assert line.ask("-----") == []


def test_the_first_answer_ends_the_silence() -> None:
    line = Line()
    line.ask("+-----")
    [answering] = line.ask("+")
    assert isinstance(answering, MeterAnswering)
    assert answering.silent_s == 6 * 60
    assert line.ask("+++") == []


def test_a_meter_that_often_misses_questions_is_given_more_patience() -> None:
    line = Line()
    line.ask("+---+---+")  # silences of three are usual here
    assert line.ask("----") == []
    assert [event.type for event in line.ask("-")] == ["meter_silent"]


def test_patience_wears_off() -> None:
    line = Line()
    line.ask("+---+")
    line.ask("+" * 200)
    assert line.ask("---") == []
    assert [event.type for event in line.ask("-")] == ["meter_silent"]


def test_an_address_that_never_answered_is_nobodys_silence() -> None:
    line = Line()
    assert line.ask("-" * 100, address="99") == []


def test_one_silent_meter_of_eight_is_the_only_one_told_of() -> None:
    line = Line()
    told: list[Event] = []
    for round_ in range(8):
        for address in range(1, 9):
            told += line.ask("-" if address == 5 and round_ >= 2 else "+", address=str(address))
    assert [(event.type, event.address) for event in told if isinstance(event, MeterSilent)] == [("meter_silent", "5")]
    assert len(told) == 1


def test_another_serial_number_at_the_same_address_is_told() -> None:
    line = Line()
    assert line.ask("+", identity="41190273") == []
    assert line.ask("+", identity="41190273") == []
    [changed] = line.ask("+", identity="41190311")
    assert isinstance(changed, MeterChanged)
    assert (changed.previous, changed.identity, changed.serial) == ("41190273", "41190311", "41190273")


def test_questions_that_never_went_out_say_nothing_of_the_meter() -> None:
    line = Line()
    line.ask("+")
    poll = Poll(program="p", address="7", asked=9, away=9, first_asked=MIDNIGHT + 900, last_asked=MIDNIGHT + 1000)
    assert line.watch.note(MODEM, poll) == []
    assert [row.in_vain for row in line.watch.lines(MODEM)] == [0]


def test_what_was_learned_survives_a_restart() -> None:
    line = Line()
    line.ask("+----")
    again = Line()
    again.minute = line.minute
    again.watch.load(line.watch.take_changed(10))
    assert again.ask("---") == []
    assert [event.type for event in again.ask("+")] == ["meter_answering"]


def test_a_bus_that_is_searched_does_not_fill_the_memory() -> None:
    line = Line()
    for address in range(1000):
        line.ask("-", address=f"x{address}")
    assert len(line.watch.lines(MODEM)) == 256
