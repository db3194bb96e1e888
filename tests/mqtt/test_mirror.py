"""What a hub has retained becomes the states of its modems."""

import dataclasses

import pytest

from irzhub.core.bus import Bus
from irzhub.core.state import ModemForgotten, ModemState, StateChanged, StateStore
from irzhub.mqtt.mirror import StateMirror
from irzhub.mqtt.payloads import OFFLINE, ONLINE, PayloadError, encode_state

MODEM = "868441036775234"
STATE = ModemState(
    modem=MODEM, imei=MODEM, link="online", name="Котельная 5", group="Север", csq=17, gpi={1: "ON"}, gpo={4: "OFF"}
)


@pytest.fixture
def states() -> StateStore:
    return StateStore(Bus())


@pytest.mark.parametrize("order", ["state first", "availability first"])
def test_a_modem_is_there_with_all_that_is_told_of_it(states: StateStore, order: str) -> None:
    mirror = StateMirror(states)
    if order == "availability first":
        mirror.take_availability(MODEM, ONLINE)
        assert MODEM not in states
    mirror.take_state(MODEM, encode_state(STATE))
    if order == "state first":
        assert states.get(MODEM).link == "offline"
        mirror.take_availability(MODEM, ONLINE)
    assert states.get(MODEM) == STATE


def test_a_change_is_told_with_the_fields_that_changed(states: StateStore) -> None:
    mirror = StateMirror(states)
    mirror.take_state(MODEM, encode_state(STATE))
    mirror.take_availability(MODEM, ONLINE)
    changes: list[StateChanged] = []
    states.bus.subscribe(StateChanged, changes.append)
    mirror.take_state(MODEM, encode_state(dataclasses.replace(STATE, csq=5, gpi={1: "OFF"})))
    mirror.take_availability(MODEM, OFFLINE)
    assert [change.fields for change in changes] == [frozenset({"csq", "gpi"}), frozenset({"link"})]
    assert (states.get(MODEM).csq, states.get(MODEM).link) == (5, "offline")


def test_a_modem_that_is_set_up_or_belongs_to_somebody_is_so_here_too(states: StateStore) -> None:
    mirror = StateMirror(states)
    begun = dataclasses.replace(STATE, commissioning=True, organisation="north")
    mirror.take_state(MODEM, encode_state(begun))
    assert (states.get(MODEM).commissioning, states.get(MODEM).organisation) == (True, "north")
    mirror.take_state(MODEM, encode_state(STATE))
    assert (states.get(MODEM).commissioning, states.get(MODEM).organisation) == (False, "")


def test_emptied_topics_are_a_deleted_modem(states: StateStore) -> None:
    mirror, gone = StateMirror(states), list[ModemForgotten]()
    states.bus.subscribe(ModemForgotten, gone.append)
    mirror.take_availability(MODEM, ONLINE)
    mirror.take_state(MODEM, encode_state(STATE))
    mirror.take_availability(MODEM, b"")
    mirror.take_state(MODEM, b"")
    assert [each.state.modem for each in gone] == [MODEM]
    mirror.take_state(MODEM, encode_state(STATE))
    assert states.get(MODEM).link == "offline", "the old availability is forgotten too"


def test_what_is_no_state_changes_nothing(states: StateStore) -> None:
    mirror = StateMirror(states)
    mirror.take_state(MODEM, encode_state(STATE))
    for payload in (b"[]", b'{"gpi": {"1": "PERHAPS"}}', b'{"unknown": 1, "gpi": 7}', b"\xff"):
        with pytest.raises(PayloadError):
            mirror.take_state(MODEM, payload)
    assert states.get(MODEM).csq == 17
