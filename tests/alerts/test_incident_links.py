"""Lost links before they are incidents: the delay, breaks that come often, and a hub that was away itself."""

from datetime import timedelta

from irzhub.alerts.incident_links import LinkWatch, Loss
from tests.alerts.incident_rig import MODEM, NOW, OTHER, later


def watch() -> LinkWatch:
    return LinkWatch(timedelta(seconds=240), breaks=5, breaks_within=timedelta(seconds=900))


def test_a_loss_is_due_after_the_delay_and_only_once() -> None:
    links = watch()
    assert links.lost(MODEM, NOW, "нет keepalive 127 с") == 0
    assert links.lost(MODEM, later(10)) == 0, "the same loss, said again"

    assert links.due(later(239)) == []
    assert links.due(later(240)) == [Loss(MODEM, NOW, "нет keepalive 127 с")]
    assert links.due(later(999)) == [] and len(links) == 0


def test_a_modem_that_is_back_in_time_is_no_loss() -> None:
    links = watch()
    links.lost(MODEM, NOW)

    assert links.returned(MODEM) == Loss(MODEM, NOW)
    assert links.due(later(600)) == []


def test_breaks_that_come_often_are_too_many_however_short() -> None:
    links, counts = watch(), []
    for number in range(6):
        counts.append(links.lost(MODEM, later(60 * number)))
        links.returned(MODEM)

    assert counts == [0, 0, 0, 0, 5, 6]


def test_breaks_of_long_ago_do_not_count() -> None:
    links = watch()
    for number in range(4):
        links.lost(MODEM, later(60 * number))
        links.returned(MODEM)

    assert links.lost(MODEM, later(60 * 3 + 900)) == 0


def test_a_hub_that_was_away_waits_anew() -> None:
    links = watch()
    links.lost(MODEM, NOW)
    links.wait_anew(later(200))

    assert links.due(later(300)) == []
    assert [loss.modem for loss in links.due(later(440))] == [MODEM]


def test_the_recent_losses_come_from_new_to_old() -> None:
    links = watch()
    for number, modem in enumerate((MODEM, OTHER, "third")):
        links.lost(modem, later(number * 10))

    assert [loss.modem for loss in links.recent(later(10))] == ["third", OTHER]


def test_a_loss_is_explained_a_moment_later_and_forgotten_with_its_modem() -> None:
    links = watch()
    links.lost(MODEM, NOW)
    links.explain(MODEM, "нет keepalive 127 с")
    links.explain(OTHER, "nobody waits for it")
    assert links.take(MODEM) == Loss(MODEM, NOW, "нет keepalive 127 с")

    links.lost(MODEM, later(1))
    links.forget(MODEM)
    assert links.due(later(900)) == []


def test_many_losses_come_due_in_turns() -> None:
    links = watch()
    for number in range(1200):
        links.lost(f"m{number}", NOW)

    assert [len(links.due(later(240))) for _ in range(4)] == [500, 500, 200, 0]
