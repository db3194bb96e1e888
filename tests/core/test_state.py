"""The live picture: replaced, never changed, and the only source of `StateChanged`."""

import dataclasses
from typing import Any

import pytest

from irzhub.core.bus import Bus
from irzhub.core.exceptions import UnknownModem
from irzhub.core.state import ModemForgotten, ModemState, StateChanged, StateStore

IMEI = "868441036775234"
ALL_FIELDS = {field.name for field in dataclasses.fields(ModemState)}


class Watched:
    """A store and all that it said."""

    def __init__(self) -> None:
        self.said: list[StateChanged | ModemForgotten] = []
        bus = Bus()
        bus.subscribe(StateChanged, self.said.append)
        bus.subscribe(ModemForgotten, self.said.append)
        self.store = StateStore(bus)
        self.store.add(ModemState(modem=IMEI, imei=IMEI))


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_new_modem_is_told_with_every_field(watched: Watched) -> None:
    assert watched.said == [StateChanged(ModemState(modem=IMEI, imei=IMEI), frozenset(ALL_FIELDS))]
    assert (len(watched.store), IMEI in watched.store, "other" in watched.store) == (1, True, False)


def test_change_names_what_differs_and_leaves_the_old_picture_alone(watched: Watched) -> None:
    before = watched.store.get(IMEI)
    after = watched.store.update(IMEI, link="online", csq=21, name="")

    assert watched.said[1:] == [StateChanged(after, frozenset({"link", "csq"}))]
    assert (before.link, before.csq, after.link, after.csq) == ("offline", None, "online", 21)
    assert watched.store.get(IMEI) is after


def test_each_field_can_change_and_no_other_does(watched: Watched) -> None:
    for name in ALL_FIELDS - {"modem"}:
        before, change = watched.store.get(IMEI), dict[str, Any]({name: "another"})
        assert watched.store.update(IMEI, **change) == dataclasses.replace(before, **change)


def test_same_values_are_no_change(watched: Watched) -> None:
    assert watched.store.update(IMEI, link="offline", csq=None) is watched.store.get(IMEI)
    assert len(watched.said) == 1


def test_false_and_zero_differ_from_unknown(watched: Watched) -> None:
    watched.store.update(IMEI, csq=0)
    watched.store.update(IMEI, encapsulated=False)

    assert [change.fields for change in watched.said[1:] if isinstance(change, StateChanged)] == [
        {"csq"},
        {"encapsulated"},
    ]


def test_forgotten_modem_is_told_once_with_its_last_state(watched: Watched) -> None:
    last = watched.store.update(IMEI, name="Boiler")
    watched.store.forget(IMEI)
    watched.store.forget(IMEI)

    assert watched.said[2:] == [ModemForgotten(last)]
    assert list(watched.store) == []


def test_unknown_modem_is_an_error_that_names_it(watched: Watched) -> None:
    with pytest.raises(UnknownModem, match="no modem 'x' is registered"):
        watched.store.get("x")
    with pytest.raises(UnknownModem, match="no modem 'x' is registered"):
        watched.store.update("x", name="y")


def test_misspelled_field_is_an_error(watched: Watched) -> None:
    with pytest.raises(AttributeError, match="rssi"):
        watched.store.update(IMEI, rssi=5)


def test_walking_through_the_store_survives_a_removal(watched: Watched) -> None:
    watched.store.add(ModemState(modem="2", imei="2"))
    for state in watched.store:
        watched.store.forget(state.modem)

    assert len(watched.store) == 0


@pytest.mark.parametrize(("csq", "rssi_dbm"), [(None, None), (0, -113), (21, -71), (31, -51)])
def test_signal_in_dbm(csq: int | None, rssi_dbm: int | None) -> None:
    assert ModemState(modem=IMEI, imei=IMEI, csq=csq).rssi_dbm == rssi_dbm


def test_levels_of_a_new_modem_are_empty_and_cannot_be_written() -> None:
    state = ModemState(modem=IMEI, imei=IMEI)

    assert dict(state.gpi) == {}
    with pytest.raises(TypeError):
        state.gpi[1] = "ON"  # type: ignore[index]
