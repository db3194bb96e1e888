import asyncio
import dataclasses
import time
from pathlib import Path
from typing import Any

import pytest

from irzhub.storage.events import RECORDER_CURSOR
from irzhub.storage.history_modems import load_registry
from irzhub.storage.inputs import InputRow, save_input
from tests.mariadb import MariaDb
from tests.recorder.bench import Bench, connected, disconnected, eventually

MODEM = "868441036775234"
OTHER = "868441036775242"


async def test_events_are_recorded_once_and_in_full(bench: Bench) -> None:
    bench.append(*bench.changes(700))
    await bench.settled()

    assert await bench.recorded() == list(range(1, 701))
    stored = await bench.rows("SELECT hub, seq, type, modem, data FROM events WHERE seq = 2")
    assert stored == [
        (
            "main",
            2,
            "gpi_changed",
            MODEM,
            '{"pin":2,"level":"ON","previous":"OFF","source":"report","not_before":null,"name":null,"alarm":null}',
        )
    ]


async def test_sessions_are_opened_and_closed(bench: Bench) -> None:
    bench.append(connected(bench, MODEM, "s1"), connected(bench, OTHER, "s2"), disconnected(bench, MODEM, "s1"))
    await bench.settled()

    found = await bench.rows("SELECT session, modem, is_open, reason, rx_bytes, peer FROM sessions ORDER BY session")
    assert found == [
        ("s1", MODEM, 0, "closed", 7, "10.1.2.3:4000"),
        ("s2", OTHER, 1, None, None, "10.1.2.3:4000"),
    ]


async def test_modems_are_kept_current(bench: Bench) -> None:
    await bench.register(MODEM)
    bench.states.update(MODEM, link="online", csq=21, gpi={1: "ON", 2: None}, last_seen=bench.now())
    await bench.settled()

    query = "SELECT modem, name, port, state, csq, rssi_dbm, gpi, temperature_c FROM modems"
    assert await bench.rows(query) == [
        (MODEM, "Котельная 20000", 20000, "online", 21, -71, '{"1":"ON","2":null}', None)
    ]

    bench.states.update(MODEM, link="offline")
    await bench.settled()
    assert await bench.rows("SELECT state FROM modems") == [("offline",)]


async def test_a_deleted_modem_leaves_the_table(bench: Bench) -> None:
    await bench.register(MODEM, OTHER)
    await bench.settled()
    bench.states.forget(MODEM)

    async def only_the_other() -> bool:
        return await bench.rows("SELECT modem FROM modems") == [(OTHER,)]

    await eventually(only_the_other)


async def test_a_fresh_data_dir_gets_the_registry_back(bench: Bench, history_url: str, tmp_path: Path) -> None:
    await bench.register(MODEM, OTHER)
    await bench.store.write(lambda conn: save_input(conn, InputRow(MODEM, 1, "дверь", True, 0.5, "OFF")))
    bench.states.update(MODEM, csq=20)
    bench.append(*bench.changes(3))
    await bench.settled()

    found = await bench.history.run(lambda conn: load_registry(conn, "main"))

    assert [(row.modem, row.host, row.port, row.name, row.group, row.password) for row in found.modems] == [
        (MODEM, "0.0.0.0", 20000, "Котельная 20000", "Север", "sha256:x:y"),
        (OTHER, "0.0.0.0", 20001, "Котельная 20001", "Север", "sha256:x:y"),
    ]
    assert found.modems[0].snapshot["csq"] == 20
    assert found.inputs == [InputRow(MODEM, 1, "дверь", True, 0.5, "OFF")]
    assert found.last_seq == 3


async def test_a_restart_records_what_was_left(tmp_path: Path, history_url: str) -> None:
    away = "mysql://root@127.0.0.1:1/nothing"
    async with Bench(tmp_path, away) as first:
        first.append(*first.changes(50))
        await first.journal.flush()

    async with Bench(tmp_path, history_url) as second:
        second.append(*second.changes(50))
        await second.journal.flush()
        await second.settled()
        assert await second.recorded() == list(range(1, 101))


async def test_the_same_events_again_change_nothing(bench: Bench) -> None:
    bench.append(connected(bench, MODEM, "s1"), *bench.changes(20), disconnected(bench, MODEM, "s1"))
    await bench.settled()
    sessions = await bench.rows("SELECT * FROM sessions")

    bench.journal.cursor(RECORDER_CURSOR).rewind(0)
    bench.append(*bench.changes(1))
    await bench.settled()

    assert await bench.recorded() == list(range(1, 24))
    assert await bench.rows("SELECT * FROM sessions") == sessions


async def test_a_database_that_lost_its_last_rows_gets_them_again(tmp_path: Path, history_url: str) -> None:
    async with Bench(tmp_path, history_url) as first:
        first.append(connected(first, MODEM, "s1"), *first.changes(99))
        await first.settled()
        await first.history.run(lambda conn: conn.exec_driver_sql("DELETE FROM events WHERE seq > 40"))

    async with Bench(tmp_path, history_url) as second:
        await eventually(lambda: second.metrics.gauge("database_up", "").read() == {(): 1})
        await second.settled()
        assert await second.recorded() == list(range(1, 101))


async def test_a_text_that_is_too_long_is_cut_and_not_fatal(bench: Bench) -> None:
    await bench.register(MODEM)
    bench.states.update(MODEM, model="M" * 500)
    await bench.settled()

    assert await bench.rows("SELECT model FROM modems") == [("M" * 100,)]


async def test_one_event_that_the_database_refuses_does_not_stop_the_others(bench: Bench) -> None:
    events = bench.changes(9)
    events[4] = dataclasses.replace(events[4], modem="9" * 100)
    if bench.history.is_file:  # SQLite knows no lengths
        return
    bench.append(*events)
    await bench.settled()

    assert await bench.recorded() == [1, 2, 3, 4, 6, 7, 8, 9]


async def test_a_fault_of_our_own_is_logged_and_the_recording_goes_on(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.register(MODEM)
    await bench.settled()
    bench.states.update(MODEM, gpi=5)  # no code can make a row of that
    await eventually(lambda: "the recorder failed" in caplog.text)
    bench.states.update(MODEM, gpi={1: "ON"})
    bench.append(*bench.changes(3))
    await bench.settled()

    assert await bench.rows("SELECT gpi FROM modems") == [('{"1":"ON"}',)]
    assert await bench.recorded() == [1, 2, 3]
    assert "task recorder:record failed" not in caplog.text


async def test_an_event_that_cannot_be_made_a_row_costs_itself_alone(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    events = bench.changes(9)
    bench.append(*events[:4])
    await bench.settled()
    bad: Any = object()  # stands for a moment; the journal leaves it out too, the bus and the memory have it
    bench.append(dataclasses.replace(events[4], ts=bad), *events[5:])
    await bench.settled()

    assert await bench.recorded() == [1, 2, 3, 4, 6, 7, 8, 9]
    assert "cannot be stored" in caplog.text


async def test_counters_alone_are_written_now_and_then(bench: Bench) -> None:
    await bench.register(MODEM)
    await bench.settled()
    bench.states.update(MODEM, rx_bytes=100, last_seen=bench.now())
    assert bench.recorder.waiting == 0

    bench.states.update(MODEM, csq=9)  # this one is at once, and takes the counters with it
    await bench.settled()
    assert await bench.rows("SELECT csq, rx_bytes FROM modems") == [(9, 100)]

    bench.states.update(MODEM, rx_bytes=200)
    bench.recorder.age()
    await bench.settled()
    assert await bench.rows("SELECT rx_bytes FROM modems") == [(200,)]


async def test_two_hubs_with_one_id_are_told(bench: Bench, history_url: str, tmp_path: Path) -> None:
    bench.append(*bench.changes(1))
    await bench.settled()

    url = history_url
    if bench.history.is_file:
        url = f"sqlite:///{tmp_path / history_url.removeprefix('sqlite:///')}"
    async with Bench(tmp_path / "other", url) as other:

        def is_told() -> bool:
            part = other.health.get("database")
            return part is not None and part.state == "down" and "another hub with the id 'main'" in part.detail

        await eventually(is_told)


async def test_ten_thousand_modems_are_written_quickly_and_the_loop_goes_on(bench: Bench) -> None:
    fleet = [f"86844103{number:07d}" for number in range(10_000)]
    await bench.register(*fleet)
    worst, last = 0.0, time.monotonic()
    began = last
    while bench.recorder.waiting:
        await asyncio.sleep(0.001)
        now = time.monotonic()
        worst, last = max(worst, now - last), now
        assert now - began < 30, f"{bench.recorder.waiting} of 10,000 still wait"
    print(f"10,000 modems in {time.monotonic() - began:.2f} s, the loop stood at most {worst * 1000:.0f} ms")

    assert (await bench.rows("SELECT COUNT(*) FROM modems"))[0][0] == 10_000
    assert worst < 0.5


async def test_a_killed_database_costs_nothing(own_mariadb: MariaDb, tmp_path: Path) -> None:
    async with Bench(tmp_path, own_mariadb.new_database()) as bench:
        for _ in range(3):
            bench.append(*bench.changes(300))
            await asyncio.sleep(0.05)
            bench.append(*bench.changes(300))
            own_mariadb.kill()
            bench.append(*bench.changes(300))
            await bench.journal.flush()
            part = bench.health.get("database")
            await eventually(lambda: (part := bench.health.get("database")) is not None and part.state == "down")
            assert part is not None
            own_mariadb.start()
            began = time.monotonic()
            await bench.settled()
            assert time.monotonic() - began < 6

        assert await bench.recorded() == list(range(1, 2701))
        part = bench.health.get("database")
        assert part is not None
        assert part.state == "up"


async def test_a_stopped_database_delays_nobody(own_mariadb: MariaDb, tmp_path: Path) -> None:
    async with Bench(tmp_path, own_mariadb.new_database()) as bench:
        await bench.register(MODEM)
        bench.append(*bench.changes(10))
        await bench.settled()

        own_mariadb.pause()
        worst = 0.0
        stopped_until = time.monotonic() + 10
        while time.monotonic() < stopped_until:
            began = time.perf_counter()
            bench.append(*bench.changes(5))
            bench.states.update(MODEM, rx_bytes=bench.states.get(MODEM).rx_bytes + 1)
            await bench.journal.flush()
            worst = max(worst, time.perf_counter() - began)
            await asyncio.sleep(0.05)
        part = bench.health.get("database")
        assert part is not None
        assert part.state == "down"
        assert "did not answer within 3 s" in part.detail
        own_mariadb.resume()
        await bench.settled()

        assert worst < 0.5
        assert await bench.recorded() == list(range(1, bench.journal.last_seq + 1))
        bench.recorder.age()
        await bench.settled()
        total = bench.states.get(MODEM).rx_bytes
        assert await bench.rows("SELECT rx_bytes FROM modems") == [(total,)]


async def test_a_database_that_is_absent_at_the_start_gets_all_later(own_mariadb: MariaDb, tmp_path: Path) -> None:
    url = own_mariadb.new_database()
    own_mariadb.stop()
    async with Bench(tmp_path, url) as bench:
        await bench.register(MODEM)
        bench.append(*bench.changes(2000))
        await eventually(lambda: (part := bench.health.get("database")) is not None and part.state == "down")
        assert bench.metrics.gauge("database_up", "").read() == {(): 0}
        await eventually(lambda: bench.journal.last_seq == 2000)
        assert bench.metrics.gauge("database_queue_length", "").read() == {(): 2001.0}

        own_mariadb.start()
        await bench.settled()
        assert await bench.recorded() == list(range(1, 2001))
        assert bench.metrics.gauge("database_up", "").read() == {(): 1}
        assert await bench.rows("SELECT modem FROM modems") == [(MODEM,)]


async def test_a_backlog_is_drained_at_more_than_a_thousand_a_second(mariadb: MariaDb, tmp_path: Path) -> None:
    async with Bench(tmp_path, "mysql://root@127.0.0.1:1/nothing") as first:
        first.append(*first.changes(10_000))
        await first.journal.flush()

    async with Bench(tmp_path, mariadb.new_database()) as second:
        await eventually(lambda: second.metrics.gauge("database_up", "").read() == {(): 1})
        began = time.monotonic()
        await second.settled()
        assert time.monotonic() - began < 10
        assert len(await second.recorded()) == 10_000


async def test_stopping_does_not_wait_for_a_stopped_database(own_mariadb: MariaDb, tmp_path: Path) -> None:
    async with Bench(tmp_path, own_mariadb.new_database()) as bench:
        bench.append(*bench.changes(10))
        await bench.settled()
        own_mariadb.pause()
        bench.append(*bench.changes(10))
        await bench.journal.flush()
        began = time.monotonic()

    assert time.monotonic() - began < 7


async def test_signal_and_traffic_become_series_that_a_restart_goes_on_with(tmp_path: Path, history_url: str) -> None:
    for csq, rx in ((20, 100), (10, 150)):
        async with Bench(tmp_path, history_url) as bench:
            await bench.register(MODEM)
            bench.states.update(MODEM, csq=csq, rx_bytes=rx)
            await bench.settled()

    async with Bench(tmp_path, history_url) as bench:
        found = await bench.rows("SELECT csq_min, csq_max, csq_sum, csq_count, csq_last, rx_bytes FROM series")
        assert found in ([(10, 20, 30, 2, 10, 250)], [(20, 20, 20, 1, 20, 100), (10, 10, 10, 1, 10, 150)])
