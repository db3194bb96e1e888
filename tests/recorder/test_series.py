from datetime import UTC, datetime, timedelta

import pytest

from irzhub.core.state import ModemState
from irzhub.recorder import series as series_module
from irzhub.recorder.series import SeriesBuffer, slot_start
from irzhub.storage.history_series import DAY_S, HOUR_S, SLOT_S, SlotRow

MODEM = "868441036775234"
START = datetime(2026, 11, 21, 18, 50, tzinfo=UTC)
SIGNAL = frozenset({"csq", "observed_at"})
TRAFFIC = frozenset({"rx_bytes", "tx_bytes"})


def state(
    csq: int | None = None, rx: int = 0, tx: int = 0, temperature: int | None = None, modem: str = MODEM
) -> ModemState:
    return ModemState(modem=modem, imei=modem, csq=csq, temperature_c=temperature, rx_bytes=rx, tx_bytes=tx)


def test_a_slot_begins_on_the_round_ten_minutes_hour_and_day() -> None:
    moment = datetime(2026, 11, 21, 18, 57, 3, 120000, tzinfo=UTC)

    assert slot_start(moment) == START
    assert slot_start(moment, HOUR_S) == datetime(2026, 11, 21, 18, tzinfo=UTC)
    assert slot_start(moment, DAY_S) == datetime(2026, 11, 21, tzinfo=UTC)


def test_samples_of_one_slot_are_folded() -> None:
    buffer = SeriesBuffer("main")
    for minute, csq in enumerate((20, 12, 25, 18)):
        buffer.observe(state(csq), SIGNAL, START + timedelta(minutes=minute))

    assert buffer.take(10) == [
        SlotRow("main", MODEM, SLOT_S, START, csq_min=12, csq_max=25, csq_sum=75, csq_count=4, csq_last=18)
    ]
    assert buffer.take(10) == []


def test_frost_is_below_zero() -> None:
    buffer = SeriesBuffer("main")
    for degrees in (3, -7, -20):
        buffer.observe(state(temperature=degrees), frozenset({"temperature_c"}), START)

    (slot,) = buffer.take(10)
    assert (slot.temperature_min, slot.temperature_max, slot.temperature_sum, slot.temperature_last) == (
        -20,
        3,
        -24,
        -20,
    )
    assert slot.csq_count == 0


def test_traffic_is_what_the_counters_grew_by() -> None:
    buffer = SeriesBuffer("main")
    buffer.observe(state(rx=1000, tx=500), TRAFFIC, START)
    buffer.observe(state(rx=1100, tx=500), TRAFFIC, START)
    buffer.observe(state(rx=1150, tx=520), TRAFFIC, START + timedelta(minutes=10))
    buffer.observe(state(rx=0, tx=0), TRAFFIC, START + timedelta(minutes=10))
    buffer.observe(state(rx=7, tx=0), TRAFFIC, START + timedelta(minutes=10))

    assert [(slot.start, slot.rx_bytes, slot.tx_bytes) for slot in buffer.take(10)] == [
        (START, 100, 0),
        (START + timedelta(minutes=10), 57, 20),
    ]


def test_unknown_values_make_no_slot() -> None:
    buffer = SeriesBuffer("main")
    buffer.observe(state(), SIGNAL | TRAFFIC | {"temperature_c"}, START)
    buffer.observe(state(csq=20), frozenset({"name"}), START)

    assert buffer.take(10) == []


def test_a_slot_that_goes_on_after_it_was_written_is_written_again_whole() -> None:
    buffer = SeriesBuffer("main")
    buffer.observe(state(20), SIGNAL, START)
    assert len(buffer.take(10)) == 1
    buffer.drop_past(START)
    buffer.observe(state(10), SIGNAL, START)

    (slot,) = buffer.take(10)
    assert (slot.csq_count, slot.csq_min) == (2, 10)


def test_what_was_not_written_comes_again_first() -> None:
    buffer = SeriesBuffer("main")
    buffer.observe(state(20, modem="a"), SIGNAL, START)
    rows = buffer.take(10)
    buffer.observe(state(20, modem="b"), SIGNAL, START)
    buffer.give_back(rows)

    assert [slot.modem for slot in buffer.take(10)] == ["a", "b"]


def test_what_was_stored_before_the_start_is_not_lost() -> None:
    stored = SlotRow("main", MODEM, SLOT_S, START, 5, 30, 35, 2, 30, rx_bytes=100, tx_bytes=1)
    buffer = SeriesBuffer("main")
    buffer.observe(state(20), SIGNAL, START)
    buffer.merge([stored, SlotRow("main", "quiet", SLOT_S, START, rx_bytes=9)])

    (slot,) = buffer.take(10)
    assert (slot.csq_min, slot.csq_max, slot.csq_sum, slot.csq_count, slot.csq_last) == (5, 30, 55, 3, 20)
    assert (slot.rx_bytes, slot.tx_bytes) == (100, 1)
    buffer.observe(state(20, modem="quiet"), SIGNAL, START)
    (quiet,) = buffer.take(10)
    assert (quiet.rx_bytes, quiet.csq_count) == (9, 1)


def test_memory_is_bounded_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series_module, "SLOTS_LIMIT", 100)
    buffer = SeriesBuffer("main")
    for number in range(300):
        buffer.observe(state(20), SIGNAL, START + timedelta(minutes=10 * number))
        buffer.drop_past(START + timedelta(minutes=10 * number))

    rows = buffer.take(1000)
    assert len(rows) == 100
    assert rows[-1].start == START + timedelta(minutes=2990)
    assert buffer.dropped == 200


def test_a_deleted_modem_starts_anew() -> None:
    buffer = SeriesBuffer("main")
    buffer.observe(state(rx=1000), TRAFFIC, START)
    buffer.forget(MODEM)
    buffer.observe(state(rx=2000), TRAFFIC, START)

    assert buffer.take(10) == []
