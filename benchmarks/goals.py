"""What irzhub wants to reach, each goal with where its figure lies in `docs/benchmarks/*.json`."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from benchmarks.peers import STREAMS

Sense = Literal["<=", ">="]


@dataclass(frozen=True)
class Goal:
    """One figure.

    Args:
        report: the benchmark that measures it, and its JSON file.
        path: the keys that lead to the figure there.
        text: what it is, for a reader.
        unit: `x` for a ratio.
    """

    report: str
    path: tuple[str, ...]
    text: str
    sense: Sense
    limit: float
    unit: str

    def find(self, data: dict[str, Any]) -> float | None:
        """Return the measured figure, None where it was not measured."""
        found: Any = data
        for key in self.path:
            if not isinstance(found, dict) or key not in found:
                return None
            found = found[key]
        return float(found) if isinstance(found, int | float) and found == found else None

    def is_met(self, figure: float) -> bool:
        """Say whether a figure reaches the goal."""
        return figure <= self.limit if self.sense == "<=" else figure >= self.limit


def _relay(size: int, at_once: int, key: str, text: str, sense: Sense, limit: float, form: str = "raw") -> Goal:
    path = ("settings", f"{size} B, {at_once} at once", "medians", f"irzhub {form}", key)
    return Goal("relay_roundtrip", path, f"{text}, {form}, {size} B, {at_once} at once", sense, limit, "x")


def _value(report: str, key: str, text: str, sense: Sense, limit: float, unit: str) -> Goal:
    return Goal(report, ("values", key), text, sense, limit, unit)


def _list(key: str, what: str, limit: float, kind: str) -> Goal:
    return Goal("fleet_api", (kind, key), f"list of 10,000 modems: {what}, {kind}", "<=", limit, "ms")


_DATABASES: Final = ("sqlite", "mariadb")
_RATE: Final = "relayed messages a second against haproxy"
_CPU: Final = "processor for a message against haproxy"

GOALS: Final = (
    _relay(64, 100, "rate/haproxy", _RATE, ">=", 0.9),
    _relay(1024, 100, "rate/haproxy", _RATE, ">=", 0.9),
    _relay(64, 1000, "rate/haproxy", _RATE, ">=", 0.8),
    _relay(1024, 1000, "rate/haproxy", _RATE, ">=", 0.8),
    _relay(64, 1, "p50_us/haproxy", "median round trip against haproxy", "<=", 1.15),
    _relay(64, 100, "p99_us/haproxy", "p99 of the round trip against haproxy", "<=", 1.5),
    _relay(64, 100, "cpu_us/haproxy", _CPU, "<=", 1.2),
    _relay(64, 100, "cpu_us/haproxy", _CPU, "<=", 1.5, "encapsulated"),
    _relay(64, 100, f"cpu_us/{STREAMS}", "processor for a message against a relay of asyncio streams", "<=", 0.5),
    Goal("bulk", ("values", "irzhub raw", "rate/haproxy"), "one stream against haproxy's defaults", ">=", 1.0, "x"),
    _value("fleet_memory", "kib_per_modem", "memory of an idle modem with its port, whole hub", "<=", 10, "KiB"),
    _value("cold_start", "ready_s", "cold start until all ports are open", "<=", 3, "s"),
    _value("cold_start", "retained_s", "cold start until all retained topics are out", "<=", 20, "s"),
    _value("storm", "answered_s", "storm: all modems answered", "<=", 3, "s"),
    _value("storm", "mqtt_s", "storm: all online on MQTT", "<=", 8, "s"),
    _value("storm", "sql_s", "storm: all online in MariaDB", "<=", 8, "s"),
    _value("storm", "lag_p99_ms", "storm: lag of the loop, p99", "<=", 100, "ms"),
    _value("polls_under_load", "added_p50", "500 polls a second, whole fleet online: added to p50", "<=", 0.5, "ms"),
    _value("polls_under_load", "added_p99", "500 polls a second, whole fleet online: added to p99", "<=", 8, "ms"),
    _value("fifty_thousand", "all_in_s", "50,000 modems: all in", "<=", 15, "s"),
    _value("fifty_thousand", "lost", "50,000 modems: lost while held", "<=", 0, "modems"),
    _value("fifty_thousand", "memory_mib", "50,000 modems: memory in all", "<=", 700, "MiB"),
    _value("fifty_thousand", "p99_ms", "50,000 modems: 1,000 polls a second, p99", "<=", 20, "ms"),
    _value("gpi_to_mqtt", "p50_ms", "input to subscriber at 200 a second, p50", "<=", 15, "ms"),
    _value("gpi_to_mqtt", "p99_ms", "input to subscriber at 200 a second, p99", "<=", 60, "ms"),
    _value("gpi_to_mqtt", "burst_committed_s", "burst of 10,000 changes: committed", "<=", 5, "s"),
    _value("gpi_to_mqtt", "burst_mqtt_s", "burst of 10,000 changes: on MQTT", "<=", 10, "s"),
    _value("gpi_to_sms", "p99_ms", "input to SMS at 50 a second, p99", "<=", 300, "ms"),
    _value("gpi_to_sms", "burst_uncounted", "burst of 10,000 changes: alarms not in the incident log", "<=", 0, ""),
    _value("gpi_to_sms", "burst_sms", "burst of 10,000 changes: SMS to one number", "<=", 60, ""),
    _value("automations", "cpu_percent", "10,000 rules at 50 events a second: processor", "<=", 2, "%"),
    _value("slow_database", "slow_ratio", "polls p99 with 200 ms a query, against undisturbed", "<=", 1.2, "x"),
    _value(
        "slow_database", "stopped_ratio", "polls p99 with the database stopped, against undisturbed", "<=", 1.2, "x"
    ),
    *(_list("first_page_ms", "first page", 100, kind) for kind in _DATABASES),
    *(_list("filter_and_sort_ms", "slowest filter or order", 200, kind) for kind in _DATABASES),
    *(
        Goal(
            "event_history",
            (kind, "worst_median_ms"),
            f"a page of 5,000,000 events, slowest search, {kind}",
            "<=",
            200,
            "ms",
        )
        for kind in _DATABASES
    ),
    _value("page", "first_table_ms", "page: from the sign-in to the first table of 10,000", "<=", 1500, "ms"),
    _value("page", "typing_ms", "page: from a key in the filter to its frame, worst", "<=", 100, "ms"),
    _value("page", "slow_fps", "page: scrolling 800 px/s, no graphics card", ">=", 50, "frames/s"),
    _value("page", "fast_fps", "page: scrolling 12,800 px/s, no graphics card", ">=", 50, "frames/s"),
    _value("page", "heap_growth_mb", "page: growth of its objects while it is looked at", "<=", 1, "MB"),
    Goal("bulk_commands", ("busy", "errors"), "polls failed beside a command for 5,000", "<=", 0, "polls"),
)
