"""The snapshots of several workers as one."""

import msgspec

from irzhub.core.metrics import Metrics
from irzhub.relay.messages import Snapshot
from irzhub.relay.pulse import buckets, flatten
from irzhub.relay.relay_metrics import RelayMetrics
from irzhub.relay.totals import Totals


def snapshot(metrics: Metrics, descriptors: int = 10, limit: int = 100) -> Snapshot:
    """Return what a worker with these counters tells."""
    counted = RelayMetrics(metrics)
    return Snapshot(
        modems_online=3,
        clients=2,
        listeners=5,
        descriptors=descriptors,
        descriptor_limit=limit,
        ring_bytes=7,
        counters=flatten(counted),
        loop_lag_s=descriptors / 1000,
        histograms=buckets(counted),
    )


def test_sizes_are_summed_and_the_fullest_process_is_shown() -> None:
    totals = Totals(Metrics())
    totals.note(0, snapshot(Metrics(), 10, 100))
    totals.note(1, snapshot(Metrics(), 30, 1000))
    merged = totals.merged()
    assert (merged.modems_online, merged.clients, merged.listeners, merged.ring_bytes) == (6, 4, 10, 14)
    assert (merged.descriptors, merged.descriptor_limit, merged.loop_lag_s) == (10, 100, 0.03)
    totals.forget(1)
    assert (totals.merged().modems_online, len(totals)) == (3, 1)


def test_counters_grow_by_what_is_new_and_survive_their_worker() -> None:
    hub, worker = Metrics(), Metrics()
    totals, counted, own = Totals(hub), RelayMetrics(worker), RelayMetrics(hub)
    counted.disconnects.add(2, "closed")
    counted.handshake.observe(0.2)
    totals.note(0, snapshot(worker))
    totals.note(0, snapshot(worker))
    assert own.disconnects.values == {("closed",): 2}
    counted.disconnects.add(1, "closed")
    counted.handshake.observe(40.0)
    totals.note(0, snapshot(worker))
    assert own.disconnects.values == {("closed",): 3}
    assert (own.handshake.counts, own.handshake.total) == (counted.handshake.counts, 40.2)

    totals.forget(0)  # it was killed; its successor counts from zero
    successor = Metrics()
    RelayMetrics(successor).disconnects.add(1, "closed")
    totals.note(0, snapshot(successor))
    assert own.disconnects.values == {("closed",): 4}


def test_what_is_not_known_here_is_left_out() -> None:
    metrics = Metrics()
    strange = msgspec.structs.replace(
        snapshot(Metrics()), counters={"journal_events_total": 9}, histograms={"relay_latency_seconds": [1.0]}
    )
    Totals(metrics).note(0, strange)
    assert {metric.name for metric in metrics} == {metric.name for metric in RelayMetrics(Metrics())}
    assert RelayMetrics(metrics).latency.counts == []
