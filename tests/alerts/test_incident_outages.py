"""Lost links: singly after the delay, many together as one incident that names their cause."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from irzhub.alerts.incident_book import IncidentBook
from irzhub.alerts.incident_outages import Outages, traits_of
from irzhub.config.settings import AlertSettings
from irzhub.core.bus import Bus
from irzhub.core.state import ModemState, StateStore
from irzhub.storage.incidents import IncidentRow
from tests.alerts.incident_rig import NOW, SETTINGS, later, number_of, online

OPERATORS = ("01", "02", "99")
CALM = replace(SETTINGS, hold_s=60)


@dataclass
class World:
    """A fleet over three operators, of which links are cut and mended; one look each second."""

    settings: AlertSettings = CALM
    muted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.states = StateStore(Bus())
        self.book = IncidentBook(self.settings.hold_s)
        self.outages = Outages(self.settings, self.states, self.book, self.why)
        self.second = 0.0

    def why(self, modem: str | None, _now: datetime) -> str:
        return "maintenance" if modem in self.muted else ""

    def has(self, count: int) -> None:
        for index in range(count):
            cell = f"250-{OPERATORS[index % 3]}-{7700 + index % 7}-{index % 11}"
            self.states.add(online(number_of(index), cell=cell, group=f"Г{index % 4}"))

    def of(self, operator: str) -> list[str]:
        return [state.modem for state in self.states if str(state.cell).startswith(f"250-{operator}-")]

    def cut(self, *modems: str) -> None:
        for modem in modems:
            state = self.states.update(modem, link="offline")
            self.outages.lost(state, later(self.second))

    def mend(self, *modems: str) -> None:
        for modem in modems:
            self.states.update(modem, link="online")
            self.outages.returned(modem, later(self.second))

    def go(self, seconds: float) -> None:
        until = self.second + seconds
        while self.second < until:
            self.second = min(self.second + 1, until)
            now = later(self.second)
            self.outages.look(now)
            for row in self.book.look(now):
                if row.kind == "common_cause":
                    self.outages.ended(row)

    def told(self) -> list[str]:
        """What people would be told since the last time."""
        return [f"{each.kind} {each.row.kind} {each.change}".strip() for each in self.book.take().notices]

    def one(self) -> IncidentRow:
        (row,) = [row for row in self.book if row.kind == "common_cause"]
        return row


@pytest.fixture
def world() -> World:
    made = World()
    made.has(300)
    return made


def test_one_modem_is_an_incident_after_the_delay(world: World) -> None:
    world.cut(number_of(5))
    world.outages.explain(number_of(5), "нет keepalive 127 с")
    world.go(239)
    assert world.told() == []

    world.go(2)
    (row,) = world.book
    assert world.told() == ["opened link_lost"]
    assert (row.kind, row.opened_at, row.facts) == ("link_lost", NOW, {"detail": "нет keepalive 127 с"})


def test_a_modem_of_one_operator_is_no_operator(world: World) -> None:
    world.cut(*world.of("01")[:9])
    world.go(300)

    assert world.told() == ["opened link_lost"] * 9


def test_five_hundred_of_one_operator_are_one() -> None:
    world = World()
    world.has(1500)
    lost = world.of("01")
    for index in range(0, 500, 50):
        world.cut(*lost[index : index + 50])
        world.go(2)
    world.go(400)

    row = world.one()
    assert len(lost) == 500 and world.told() == ["opened common_cause"]
    assert (row.facts["cause"], row.facts["name"], row.facts["members"], row.facts["away"]) == (
        "operator", "МТС", 500, 500,
    )  # fmt: skip
    world.mend(*lost)
    world.go(400)
    assert world.told() == ["closed common_cause"] and len(world.book) == 0


def test_late_ones_join_their_cause(world: World) -> None:
    first, late = world.of("01")[:80], world.of("01")[80:]
    world.cut(*first)
    world.go(60)
    world.told()
    world.cut(*late)
    world.go(300)

    assert world.told() == [] and world.one().facts["members"] == 100


def test_what_was_told_singly_before_is_grouped() -> None:
    world = World(replace(CALM, link_lost_after_s=20))
    world.has(300)
    world.cut(*world.of("01")[:3])
    world.go(25)
    assert world.told() == ["opened link_lost"] * 3
    world.cut(*world.of("01")[3:])
    world.go(31)

    told = world.told()
    assert told == ["opened common_cause"] + ["changed link_lost grouped"] * 3
    assert {row.parent for row in world.book if row.kind == "link_lost"} == {world.one().number}


def test_who_flaps_within_a_cause_is_its_business(world: World) -> None:
    lost = world.of("01")
    world.cut(*lost)
    world.go(60)
    world.told()
    for _ in range(20):
        world.mend(lost[0])
        world.go(10)
        world.cut(lost[0])
        world.go(10)

    assert world.told() == [] and world.one().facts["away"] == len(lost)


def test_a_cause_that_comes_back_meanwhile_goes_on(world: World) -> None:
    lost = world.of("01")
    world.cut(*lost)
    world.go(60)
    world.mend(*lost)
    world.go(30)
    assert world.one().good_since is not None
    world.cut(*lost[:50])
    world.go(200)

    row = world.one()
    assert row.good_since is None and row.count == 2 and world.told() == ["opened common_cause"]


def test_the_few_that_stay_away_have_causes_of_their_own(world: World) -> None:
    lost = world.of("01")
    world.cut(*lost)
    world.go(60)
    world.told()
    world.mend(*lost[2:])
    world.go(70)

    assert world.told() == ["closed common_cause", "opened link_lost", "opened link_lost"]
    assert {row.opened_at for row in world.book} == {NOW}


def test_everything_at_once_is_the_uplink(world: World) -> None:
    world.outages.is_uplink_up = False
    world.cut(*[state.modem for state in world.states])
    world.go(60)

    row = world.one()
    assert (row.facts["cause"], row.facts["members"], row.facts["uplink"]) == ("uplink", 300, False)


def test_breaks_that_come_often_are_one_incident_with_a_count(world: World) -> None:
    for _ in range(100):
        world.cut(number_of(5))
        world.go(18)
        world.mend(number_of(5))
        world.go(18)
    world.go(700)

    (closed,) = world.book.take().rows.values()
    assert closed.count == 100 and closed.closed_at is not None and closed.facts["breaks"] == 5


def test_a_breaking_link_makes_two_notices_in_an_hour(world: World) -> None:
    told = []
    for _ in range(100):
        world.cut(number_of(5))
        world.go(18)
        world.mend(number_of(5))
        world.go(18)
        told += world.told()
    world.go(700)

    assert told + world.told() == ["opened link_lost", "closed link_lost"]


def test_a_deleted_modem_leaves_its_cause(world: World) -> None:
    lost = world.of("01")
    world.cut(*lost)
    world.go(60)
    for modem in lost[:-1]:
        world.states.forget(modem)
        world.outages.forget(modem, later(world.second))
    world.go(1)

    assert world.one().facts["away"] == 1 and world.one().good_since is not None


def test_a_hub_that_was_away_calls_nothing_lost_before_another_delay(world: World) -> None:
    world.cut(number_of(5))
    world.outages.wait_anew(later(200))
    world.go(439)
    assert world.told() == []

    world.go(1)
    assert world.told() == ["opened link_lost"] and [row.opened_at for row in world.book] == [NOW]


def test_who_is_worked_on_is_not_told_of(world: World) -> None:
    lost = world.of("01")
    world.muted = set(lost)
    world.cut(*lost)
    world.go(60)
    assert world.told() == [] and world.one().muted == "maintenance"

    part = World()
    part.has(300)
    part.muted = set(lost[:5])
    part.cut(*lost)
    part.go(60)
    assert part.told() == ["opened common_cause"]


def test_a_search_is_one_pass_however_many_are_lost(world: World) -> None:
    for modem in world.of("01"):
        world.cut(modem)
    world.go(60)

    assert world.outages.searches <= 4


def test_open_causes_are_taken_back(world: World) -> None:
    lost = world.of("01")
    world.cut(*lost)
    world.go(60)
    batch = world.book.take()

    again = World()
    again.has(300)
    again.book.load(batch.rows.values(), 1, 1)
    again.outages.load(list(batch.rows.values()), list(batch.members.values()))
    again.mend(*lost)
    again.go(100)
    assert again.told() == ["closed common_cause"]


@pytest.mark.parametrize(
    ("state", "traits"),
    [
        (online(cell="250-01-7712-3860", iccid="89701020000000000000", group="Г"), ("МТС", "250-01-7712-3860", "Г")),
        (online(iccid="8970199123456789012"), ("Билайн", "", "")),
        (online(), ("", "", "")),
    ],
)
def test_what_a_modem_shares(state: ModemState, traits: tuple[str, str, str]) -> None:
    found = traits_of(state)

    assert (found.operator, found.cell, found.group) == traits
