"""Common causes and their members: who is away, who is back, and when it is over."""

from irzhub.alerts.incident_causes import Traits
from irzhub.alerts.incident_groups import CauseGroups
from irzhub.storage.incidents import MemberRow
from tests.alerts.incident_rig import MODEM, NOW, OTHER, later, number_of

CELL = ("cell", "250-01-7712-3860")


def of_twenty() -> CauseGroups:
    groups = CauseGroups()
    groups.begin(7, ("operator", "МТС"))
    for index in range(20):
        groups.lost(7, number_of(index), later(index))
    groups.take_changed()
    return groups


def test_members_are_lost_and_come_back() -> None:
    groups = of_twenty()
    group = groups.returned(number_of(0), later(30))
    assert group is not None and (group.away, len(group.members)) == (19, 20)

    groups.lost(7, number_of(0), later(40), "нет keepalive 127 с")
    assert group.away == 20
    assert groups.take_changed() == [MemberRow(7, number_of(0), NOW, None, "нет keepalive 127 с")]


def test_a_second_return_changes_nothing() -> None:
    groups = of_twenty()
    groups.returned(number_of(0), later(30))
    groups.take_changed()
    group = groups.returned(number_of(0), later(50))

    assert group is not None and group.away == 19 and groups.take_changed() == []
    assert groups.returned(MODEM, NOW) is None


def test_it_is_over_when_almost_all_are_back() -> None:
    groups = of_twenty()
    returned = [groups.returned(number_of(index), later(60)) for index in range(18)]
    group = returned[-1]
    assert group is not None and (group.away, group.is_over) == (2, False)

    groups.returned(number_of(18), later(60))
    assert (group.away, group.is_over) == (1, True)
    assert [member.modem for member in groups.end(7)] == [number_of(19)]
    assert groups.number_of(number_of(3)) is None and groups.end(7) == []


def test_a_deleted_member_counts_as_back_and_belongs_nowhere() -> None:
    groups = of_twenty()
    group = groups.forget(number_of(0))

    assert group is not None and group.away == 19 and groups.number_of(number_of(0)) is None
    assert groups.forget(MODEM) is None


def test_a_late_loss_finds_its_cause_the_newest_first() -> None:
    groups = CauseGroups()
    groups.begin(7, ("operator", "МТС"))
    groups.begin(8, ("cell", "250-01-7712-3860"))

    found = [groups.matching(Traits("МТС", cell)) for cell in ("250-01-7712-3860", "250-01-7712-1")]
    assert [group.number for group in found if group] == [8, 7]
    assert groups.matching(Traits("Билайн")) is None
    by_trait = groups.find(("cell", "250-01-7712-3860"))
    assert by_trait is not None and by_trait.number == 8


def test_what_was_open_is_taken_back() -> None:
    groups = CauseGroups()
    groups.load(7, ("operator", "МТС"), [MemberRow(7, MODEM, NOW), MemberRow(7, OTHER, NOW, later(9))])

    group = groups.group(7)
    assert group is not None and group.away == 1 and groups.number_of(OTHER) == 7
    assert groups.take_changed() == []
