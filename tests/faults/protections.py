"""What each fault test guards: a protection that can be taken out of the source, and the test that then fails.

    make faults-bite                                  # all; docs/faults.md tells how it went
    make faults-bite BITE="F05 F12"                   # those of some faults

Each line names a fault, what protects from it, the text that does so, what stands there without it, and the test that
must fail without it, with words that must be in what the test says: so that it fails for the right reason.
`tests/faults/test_protections.py` keeps the list whole: every fault test is in it, every text is there once.
"""

from typing import Final

from tests.faults.protection import Protection
from tests.faults.protections_of_people import PROTECTIONS_OF_PEOPLE

__all__ = ["FAULTS", "PROTECTIONS", "Protection"]

FAULTS: Final = {
    "F01": "kill -9 of the hub and of its workers in mid-burst",
    "F02": "an orderly stop in mid-burst",
    "F03": "the hub is frozen and goes on",
    "F04": "kill -9 of the broker in mid-burst",
    "F05": "the broker is cut off, frozen, or loses its connections",
    "F06": "the broker refuses the hub",
    "F07": "kill -9 of the database in mid-burst; a commit whose answer is lost",
    "F08": "the database is slow or frozen",
    "F09": "the database is away for long, alone or together with the broker",
    "F10": "the disk is full",
    "F11": "fsync fails",
    "F12": "two modems with one IMEI",
    "F13": "all modems come back at once",
    "F14": "modems vanish without a word",
    "F15": "a modem or a program takes nothing",
    "F16": "a wire that is slow and delivers single bytes",
    "F17": "the wall clock jumps",
    "F18": "the modem that sends SMS is unplugged, mute, without network, card or credit; a kill in mid-burst",
    "F19": "the mail server refuses, greylists, hangs, breaks off, or cannot be trusted",
    "F20": "memory is short",
    "F21": "descriptors are used up",
    "F22": "a polling port is taken",
    "F23": "the configuration is wrong",
    "F24": "a start is killed in the midst of its migration",
    "F25": "a storm of automations, and a rule that sets itself off",
    "F26": "the resolver hangs",
    "F28": "a worker crashes all the time",
    "F29": "the power goes at any write",
    "F30": "a second hub on the same data",
}


_COMMIT: Final = (
    "        self._store.write(lambda connection: _store_batch(connection, batch)).add_done_callback(self._committed)\n"
)
_TOLD_FIRST: Final = """\
        for entry in batch:
            if not entry.handed_on:
                self._hand_on(entry, durable=True)
        asyncio.get_running_loop().call_later(
            0.3,
            lambda: self._store.write(lambda connection: _store_batch(connection, batch)).add_done_callback(
                self._committed
            ),
        )
"""
_BEFORE: Final = "an event is committed before anybody hears of it"
_NOT_STORED: Final = r"events told and not stored"

_SURVIVES: Final = """\
            except Exception as error:  # noqa: BLE001 - the boundary: a fault of ours must not end the recording
"""

_OF_THE_LINE: Final = (
    Protection(
        "F01",
        _BEFORE,
        "irzhub/journal/journal.py",
        _COMMIT,
        _TOLD_FIRST,
        "faults/test_hub_process.py::test_kills_at_any_moment_lose_nothing",
        _NOT_STORED,
    ),
    Protection(
        "F01",
        "another worker takes the place of one that ended",
        "irzhub/relay/worker_child.py",
        "            wait_s = self._backoff.next_wait_s(self._clock.monotonic())\n",
        "            wait_s = 1e6 + self._backoff.next_wait_s(self._clock.monotonic())\n",
        "faults/test_workers.py::test_kills_of_workers_and_of_the_hub_above_them_lose_nothing",
        "another worker in the place of the killed one",
    ),
    Protection(
        "F02",
        "what was stored is told before the end, and that the hub goes",
        "irzhub/mqtt/bridge.py",
        "            await asyncio.wait((self._running,), timeout=_STOP_S)\n",
        "            self._running.cancel()\n",
        "faults/test_hub_process.py::test_an_orderly_stop_in_mid_burst_is_quick_clean_and_repeats_nothing",
        r"what was stored was told before the end|b'offline'|lost [1-9]",
    ),
    Protection(
        "F03",
        "a time in which the hub itself stood still counts against no modem",
        "irzhub/relay/wheel.py",
        "            self.awake_since = now\n",
        "",
        "faults/test_hub_process.py::test_a_frozen_hub_calls_nobody_offline_when_it_goes_on",
        "nobody is called silent|nobody dials anew",
    ),
    Protection(
        "F04",
        "after each new connection the last minute is told again",
        "irzhub/mqtt/feed.py",
        "            cursor.rewind(await self._journal.seq_before(lost_at - self._resend))\n",
        "            pass\n",
        "faults/test_broker.py::test_kills_of_the_broker_lose_nothing_though_it_forgets_what_it_acknowledged",
        r"every event of the journal told|lost [1-9]",
    ),
    Protection(
        "F05",
        "a broker that is silent for too long is given up",
        "irzhub/mqtt/session.py",
        "            if now - max(heard_at, awake_since) >= timing.lost_after_s:\n",
        "            if now - max(heard_at, awake_since) >= 1000 * timing.lost_after_s:\n",
        "faults/test_broker.py::test_a_partition_is_found_and_nothing_is_lost",
        "mqtt is down|'silent' in",
    ),
    Protection(
        "F05",
        "after a lost connection the hub goes back to what the broker has acknowledged",
        "irzhub/mqtt/feed.py",
        "        self._position = cursor.position\n        self._open.clear()\n",
        "        cursor.advance(self._position)\n        self._open.clear()\n",
        "faults/test_broker.py::test_a_frozen_broker_that_loses_its_connections_costs_nothing",
        r"every event of the journal told|lost [1-9]",
    ),
    Protection(
        "F06",
        "who is refused waits longer and longer before the next try",
        "irzhub/mqtt/client.py",
        "        longest = self.refused_s if is_refused else self.away_s\n",
        "        return 0.05\n        longest = self.refused_s if is_refused else self.away_s\n",
        "faults/test_broker.py::test_a_broker_that_refuses_us_is_named_and_asked_rarely",
        r"assert \d+ <= ",
    ),
    Protection(
        "F07",
        "the recorder lives through a database that goes away",
        "irzhub/recorder/recorder.py",
        _SURVIVES,
        "            except LocalStoreFailed as error:\n",
        "faults/test_database.py::test_kills_in_mid_burst_leave_each_event_once",
        "database is down|the database has each event of the journal",
    ),
    Protection(
        "F07",
        "an event that is in the database already is not written twice",
        "irzhub/storage/history_rows.py",
        "    return server.on_duplicate_key_update({first: server.inserted[first]})\n",
        "    return server\n",
        "faults/test_database.py::test_a_commit_whose_answer_is_lost_is_not_written_twice",
        "is no reason for an error|Traceback",
    ),
    Protection(
        "F08",
        "the loop waits for no answer of the database",
        "irzhub/storage/history.py",
        """\
        transaction = Transaction(engine, job)
""",
        """\
        at = self._url
        with __import__("contextlib").suppress(OSError, __import__("pymysql").Error):
            __import__("pymysql").connect(host=at.host, port=at.port, user=at.username, password="").close()
        transaction = Transaction(engine, job)
""",
        "faults/test_database.py::test_a_slow_and_a_frozen_database_delay_nobody",
        "healthz|poll|stood still",
    ),
    Protection(
        "F09",
        "what the database did not take is tried again",
        "irzhub/recorder/recorder.py",
        _SURVIVES,
        "            except LocalStoreFailed as error:\n",
        "e2e/test_database_away.py::test_nothing_is_lost_and_polls_do_not_feel_it",
        "",
    ),
    Protection(
        "F10",
        "events go on from memory when the disk takes none",
        "irzhub/journal/journal.py",
        "PATIENCE_S: Final = 2.0\n",
        "PATIENCE_S: Final = 1e6\n",
        "faults/test_disk.py::test_a_full_disk_stops_nothing_and_heals_by_itself",
        "journal is down",
    ),
    Protection(
        "F11",
        "an event is durable only after a commit that succeeded",
        "irzhub/journal/journal.py",
        "        if (error := done.exception()) is not None:\n",
        "        if (error := done.exception()) is not None and False:\n",
        "faults/test_disk.py::test_what_a_failed_fsync_may_have_lost_is_never_called_durable",
        "journal is down",
    ),
    Protection(
        "F12",
        "a wrong password displaces nobody",
        "irzhub/relay/passwords.py",
        "        if is_right(rule, password):\n",
        "        if True:\n",
        "faults/test_modems.py::test_of_two_with_one_imei_the_newest_wins_and_a_wrong_password_never_does",
        "the stranger closed|is_online",
    ),
    Protection(
        "F12",
        "two living modems that displace each other are told",
        "irzhub/relay/conflict.py",
        "SWAPS: Final = 3\n",
        "SWAPS: Final = 30\n",
        "faults/test_modems.py::test_two_living_modems_that_displace_each_other_are_told_with_both_addresses",
        "the conflict told",
    ),
    Protection(
        "F12",
        "a displaced session has no way to the line any more",
        "irzhub/relay/session.py",
        "            former.displace(self)\n",
        "            pass\n",
        "faults/test_modems.py::test_a_second_one_amid_a_poll_gets_the_line_and_never_the_others_answer",
        "expected off",
    ),
    Protection(
        "F12",
        "a displaced connection that gives no sign of life is no conflict",
        "irzhub/relay/conflict.py",
        "        self._is_over = True\n        self._transport.abort()\n\n    def _alive",
        "        self._is_over = True\n        self._transport.abort()\n        self._count_swap()\n\n    def _alive",
        "faults/test_modems.py::test_half_open_redials_are_daily_life",
        "imei_conflict",
    ),
    Protection(
        "F13",
        "connections that come together wait in the kernel's queue",
        "irzhub/relay/acceptor.py",
        "            listener.listen(self._settings.backlog)\n",
        "            listener.listen(0)\n",
        "faults/test_modems.py::test_two_thousand_modems_come_back_twice_and_the_hub_answers_meanwhile",
        r"modems online within",
    ),
    Protection(
        "F14",
        "a modem that is silent for too long is given up",
        "irzhub/relay/session.py",
        "        if now >= self._lost_at():\n",
        "        if now >= self._lost_at() + 1e6:\n",
        "faults/test_modems.py::test_modems_that_vanish_are_found_within_the_set_time_and_nobody_else",
        "the vanished told",
    ),
    Protection(
        "F15",
        "a program is not read while its modem takes nothing",
        "irzhub/relay/session.py",
        "            self.modem.line.modem_writable(False)\n",
        "            pass\n",
        "faults/test_modems.py::test_a_modem_that_takes_nothing_disturbs_nobody",
        "the hub takes what the kernel's buffers hold",
    ),
    Protection(
        "F16",
        "a hello may come in any pieces",
        "irzhub/relay/dial_in.py",
        "        if hello is None:\n            return True\n        self._finish(hello)\n        return False\n",
        '        if hello is None:\n            self.end("not a whole hello")\n            return False\n'
        "        self._finish(hello)\n        return False\n",
        "faults/test_modems.py::test_a_wire_of_9600_bits_that_delivers_single_bytes_is_enough",
        "expected online",
    ),
    Protection(
        "F17",
        "silence is measured with a clock that nobody sets",
        "irzhub/relay/wheel.py",
        """\
        now = self._clock.monotonic()
        lag = max(now - self._turns_at, 0.0)
        self._turns_at = now + TICK_S
        self._timer = self._loop.call_later(TICK_S, self._turn)
        self.worst_lag_s = max(self.worst_lag_s, lag)
        if lag > _STANDSTILL_S:
""",
        """\
        wall, steady = self._clock.now().timestamp(), self._clock.monotonic()
        now = wall - vars(__import__("builtins")).setdefault("began", wall - steady)
        lag = max(now - self._turns_at, 0.0)
        self._turns_at = now + TICK_S
        self._timer = self._loop.call_later(TICK_S, self._turn)
        self.worst_lag_s = max(self.worst_lag_s, lag)
        if lag > 1e9:
""",
        "faults/test_clock.py::test_steps_of_the_clock_lose_no_modem_and_no_change",
        r"an hour|a day|not within|modems online|disconnected",
    ),
    Protection(
        "F17",
        "what is measured is measured with a clock that nobody sets",
        "irzhub/core/clock.py",
        "    monotonic = staticmethod(time.monotonic)",
        "    monotonic = staticmethod(time.time)",
        "faults/test_clock.py::test_a_turn_at_the_line_ends_though_the_clock_went_back",
        "TimeoutError",
    ),
    Protection(
        "F20",
        _BEFORE,
        "irzhub/journal/journal.py",
        _COMMIT,
        _TOLD_FIRST,
        "faults/test_limits.py::test_little_memory_is_enough_and_a_kill_for_want_of_it_is_a_kill_like_any",
        rf"{_NOT_STORED}|out of order [1-9]",
    ),
    Protection(
        "F21",
        "some descriptors stay free",
        "irzhub/relay/descriptors.py",
        "        return self.used >= self.limit - self.reserve\n",
        "        return False\n",
        "faults/test_limits.py::test_a_connect_storm_at_the_descriptor_limit_costs_the_present_modems_nothing",
        r"some stay free|timed out|TimeoutError",
    ),
    Protection(
        "F22",
        "a port that is taken is tried again",
        "irzhub/relay/polling_port.py",
        "            if port.error and not port.is_right:\n",
        "            if False:\n",
        "faults/test_limits.py::test_a_polling_port_that_is_taken_is_named_and_harms_nobody_else",
        "the port of its own again",
    ),
    Protection(
        "F23",
        "the schema has no place for keys that it does not know",
        "irzhub/config/schema.py",
        "SCHEMA: Final = vol.Schema(ROOT)\n",
        "SCHEMA: Final = vol.Schema(ROOT, extra=vol.ALLOW_EXTRA)\n",
        "faults/test_limits.py::test_a_broken_configuration_ends_the_start_with_file_and_line",
        "TimeoutExpired|returncode",
    ),
    Protection(
        "F24",
        "a migration is one transaction",
        "irzhub/storage/sqlite.py",
        '        connection.exec_driver_sql("BEGIN IMMEDIATE" if wants_to_write else "BEGIN")\n',
        "        del wants_to_write\n",
        "faults/test_limits.py::test_kills_during_the_first_start_leave_a_folder_that_the_next_start_finishes",
        r"the hub ended",
    ),
    Protection(
        "F26",
        "names are looked up beside the loop",
        "irzhub/mqtt/session.py",
        "        end = self._endpoint\n        client = self._client = self._build_client()\n",
        "        end = self._endpoint\n        __import__('socket').getaddrinfo(end.host, end.port)\n"
        "        client = self._client = self._build_client()\n",
        "faults/test_names.py::test_a_resolver_that_hangs_delays_only_what_needs_a_name",
        "healthz|poll",
    ),
    Protection(
        "F28",
        "a worker that crashes all the time is started more and more rarely",
        "irzhub/relay/restarts.py",
        "        return min(self._timing.restart_first_s * 2.0**doublings, self._timing.restart_longest_s)\n",
        "        return 0.0 * doublings\n",
        "faults/test_workers.py::test_a_worker_that_crashes_all_the_time_costs_the_modems_of_the_other_nothing",
        "not started as fast",
    ),
    Protection(
        "F29",
        "every commit is synced",
        "irzhub/storage/sqlite.py",
        '            "synchronous=FULL",\n',
        '            "synchronous=NORMAL",\n',
        "faults/test_power_cut.py::test_the_store_keeps_every_committed_event_over_a_power_cut_at_any_point",
        r"commits told|sync|assert \d+ >= 25",
    ),
    Protection(
        "F30",
        "one hub for one folder",
        "irzhub/storage/lock.py",
        "            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n",
        "            pass\n",
        "faults/test_limits.py::test_a_second_hub_on_the_same_data_is_refused_and_disturbs_nobody",
        "TimeoutExpired|another irzhub",
    ),
)

PROTECTIONS: Final = (*_OF_THE_LINE, *PROTECTIONS_OF_PEOPLE)
