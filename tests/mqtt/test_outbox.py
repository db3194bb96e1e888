"""The outbox: when which retained topics are due."""

from typing import Any

import pytest

from irzhub.core.state import ModemState, StateChanged
from irzhub.mqtt.outbox import HOLD_S, SHOWN, StateOutbox
from irzhub.mqtt.payloads import state_object

A, B = "868441036775234", "868441036775235"


def change(modem: str = A, *fields: str, **values: Any) -> StateChanged:
    return StateChanged(ModemState(modem=modem, imei=modem, **values), frozenset(fields) | values.keys())


@pytest.fixture
def outbox() -> StateOutbox:
    return StateOutbox()


def test_every_field_of_the_payload_is_known_and_no_other() -> None:
    state = ModemState(modem=A, imei=A, organisation="north", commissioning=True)
    assert set(state_object(state)) - {"rssi_dbm"} == SHOWN
    assert set(state_object(ModemState(modem=A, imei=A))) == set(state_object(state)) - {
        "organisation",
        "commissioning",
    }


def test_a_change_is_due_at_once(outbox: StateOutbox) -> None:
    outbox.note(change(name="x"), 0)
    assert outbox.next_due() == 0
    assert outbox.take(0, 10) == [(A, True)]
    assert outbox.take(0, 10) == []
    assert outbox.next_due() is None


def test_many_changes_of_one_modem_are_one_entry(outbox: StateOutbox) -> None:
    for number in range(1000):
        outbox.note(change(csq=number % 32), 0)
    assert len(outbox) == 1


def test_modems_come_in_the_order_of_their_changes(outbox: StateOutbox) -> None:
    outbox.note(change(B, name="x"), 0)
    outbox.note(change(A, name="x"), 0)
    outbox.note(change(B, csq=1), 0)
    assert outbox.take(0, 1) == [(B, True)]
    assert outbox.take(0, 1) == [(A, True)]


def test_fields_that_are_nowhere_shown_publish_nothing(outbox: StateOutbox) -> None:
    outbox.note(change(confirmed=True, comment="x", problem="y", default_password=True), 0)
    assert outbox.next_due() is None


def test_availability_and_pins_go_at_once_without_state_where_that_waits(outbox: StateOutbox) -> None:
    outbox.note(change(link="online"), 0)
    outbox.take(0, 10)
    outbox.note(change(gpi={1: "ON"}, link="online"), 0.5)
    outbox.note(change("868441036775236", gpi={1: "ON"}), 0.5)
    assert outbox.take(0.5, 10) == [(A, True), ("868441036775236", True)]


def test_answers_after_a_connect_are_folded_into_one_state(outbox: StateOutbox) -> None:
    outbox.note(change(link="online", peer="x"), 10.0)
    assert outbox.take(10.0, 10) == [(A, True)]
    for at, field in ((10.1, "csq"), (10.5, "temperature_c"), (11.9, "cell")):
        outbox.note(change(A, field), at)
        assert outbox.take(at, 10) == []
    assert outbox.next_due() == 12.0
    assert outbox.take(12.0, 10) == [(A, True)]
    outbox.note(change(A, "csq"), 12.1)
    assert outbox.take(12.1, 10) == [(A, True)]


def test_a_pin_that_is_seen_while_folding_has_its_topic_at_once(outbox: StateOutbox) -> None:
    outbox.note(change(link="online"), 10.0)
    outbox.take(10.0, 10)
    outbox.note(change(A, "gpi"), 10.1)
    assert outbox.take(10.1, 10) == [(A, False)]
    assert outbox.take(12.0, 10) == [(A, True)]


def test_counters_alone_wait_a_minute_since_the_last_state(outbox: StateOutbox) -> None:
    outbox.note(change(A, "rx_bytes"), 100.0)
    assert outbox.take(100.0, 10) == [(A, True)], "nothing was published for a minute"
    outbox.note(change(A, "rx_bytes", "tx_bytes"), 101.0)
    outbox.note(change(A, "clients", "last_seen", "observed_at"), 102.0)
    assert outbox.take(159.9, 10) == []
    assert outbox.next_due() == 160.0
    assert outbox.take(160.0, 10) == [(A, True)]


def test_a_real_change_takes_the_counters_along(outbox: StateOutbox) -> None:
    outbox.note(change(A, "name"), 0)
    outbox.take(0, 10)
    outbox.note(change(A, "rx_bytes"), 1)
    outbox.note(change(A, "csq"), 2)
    assert outbox.take(2, 10) == [(A, True)]
    assert outbox.next_due() is None


def test_before_an_event_all_goes_but_counters_that_wait(outbox: StateOutbox) -> None:
    outbox.note(change(link="online"), 0)
    outbox.take(0, 10)
    outbox.note(change(A, "csq"), 0.1)
    assert outbox.take_before_event(A, 0.2) == [(A, True)], "folded answers go before the event"
    outbox.note(change(A, "clients"), 5)
    assert outbox.take_before_event(A, 5) == [], "counters keep their minute"
    assert outbox.take_before_event(B, 5) == []
    assert outbox.next_due() == pytest.approx(60.2)


def test_a_newcomer_is_told_of_once_it_is_online(outbox: StateOutbox) -> None:
    outbox.note(change(link="offline", name="x"), 0)
    outbox.hold(A, 0)
    assert outbox.take(0, 10) == []
    outbox.note(change(link="offline", csq=7), 0.1)
    assert outbox.take(0.1, 10) == [] and outbox.next_due() == HOLD_S

    outbox.note(change(link="online"), 0.5)
    assert not outbox.is_held(A, 0.5)
    assert outbox.take(0.5, 10) == [(A, True)]


def test_a_newcomer_that_does_not_stay_is_told_of_all_the_same(outbox: StateOutbox) -> None:
    outbox.note(change(link="offline"), 0)
    outbox.hold(A, 0)
    assert outbox.take(0.9, 10) == [] and outbox.is_held(A, 0.9)
    assert outbox.take(HOLD_S, 10) == [(A, True)] and not outbox.is_held(A, HOLD_S)


def test_a_modem_that_is_gone_is_due_once_and_its_plans_are_off(outbox: StateOutbox) -> None:
    outbox.note(change(A, "name"), 0)
    outbox.take(0, 10)
    outbox.note(change(A, "rx_bytes"), 1)
    outbox.note_gone(A)
    assert outbox.take(1, 10) == [(A, False)]
    assert outbox.take(100, 10) == []


def test_everything_is_due_when_a_broker_may_have_forgotten_it(outbox: StateOutbox) -> None:
    outbox.note_all(ModemState(modem=modem, imei=modem) for modem in (A, B))
    assert outbox.take(0, 10) == [(A, True), (B, True)]


def test_an_outage_of_an_hour_piles_nothing_up(outbox: StateOutbox) -> None:
    for second in range(3600):
        for modem in (A, B):
            outbox.note(change(modem, "rx_bytes"), second)
            outbox.note(change(modem, "csq"), second)
    assert len(outbox) == 2
    assert len(outbox._heap) <= 4
