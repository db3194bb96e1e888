"""What a worker keeps while there is no hub, and in which order the next one hears it."""

from irzhub.relay import holding
from irzhub.relay.holding import Holding
from irzhub.relay.messages import (
    DialInRejected,
    PinsSeen,
    PortOpened,
    Resynced,
    SessionLives,
    Snapshot,
    ToHub,
    Traffic,
    ValuesSeen,
)
from irzhub.relay.worker_messages import FromWorker, Logged

BEFORE = PortOpened(modem="a", host="h", port=1)
NOW = SessionLives(
    modem="a",
    generation=2,
    opened_at=1.0,
    peer="p",
    rx_bytes=0,
    tx_bytes=0,
    last_byte_at=1.0,
    has_reported=True,
)


def pins(at: float) -> PinsSeen:
    """One report."""
    return PinsSeen(modem="a", generation=1, at=at, asked=False, pins=[(1, False, True)])


def values(modem: str, **seen: int) -> ValuesSeen:
    """What a modem said of itself."""
    return ValuesSeen(modem=modem, generation=1, at=1.0, values=dict(seen))


def snapshot(modems: int) -> Snapshot:
    """Counters of a worker."""
    return Snapshot(
        modems_online=modems,
        clients=0,
        listeners=0,
        descriptors=0,
        descriptor_limit=0,
        ring_bytes=0,
        counters={},
        loop_lag_s=0.0,
    )


def released(kept: Holding) -> list[FromWorker]:
    return list(kept.release(lambda: [NOW]))


def test_what_lived_comes_before_what_happened_and_the_word_that_it_is_all() -> None:
    kept = Holding([BEFORE])
    for at in range(3):
        kept.add(pins(at))
    kept.log(Logged(level=20, logger="x", text="said"))
    assert released(kept) == [
        Logged(level=20, logger="x", text="said"),
        BEFORE,
        pins(0),
        pins(1),
        pins(2),
        Resynced(missed=0),
    ]


def test_what_adds_up_is_one_message_and_nothing_of_it_is_lost() -> None:
    kept = Holding([])
    for second in range(20_000):
        kept.add(Traffic(grown={"a": (1, 2, float(second)), "b": (0, 1, 5.0)}))
        kept.add(snapshot(second))
        kept.add(DialInRejected(reason="no hello in time", peer=f"p{second}", at=1.0))
    kept.add(values("a", csq=3, temperature_c=20))
    kept.add(values("a", csq=4))
    assert released(kept) == [
        values("a", csq=4, temperature_c=20),
        DialInRejected(reason="no hello in time", peer="p19999", at=1.0, count=20_000),
        Traffic(grown={"a": (20_000, 40_000, 19_999.0), "b": (0, 20_000, 5.0)}),
        snapshot(19_999),
        Resynced(missed=0),
    ]


def test_ten_thousand_events_are_kept() -> None:
    kept = Holding([BEFORE])
    reports: list[ToHub] = [pins(at) for at in range(holding.LIMIT)]
    for report in reports:
        kept.add(report)
    assert released(kept) == [BEFORE, *reports, Resynced(missed=0)]


def test_more_are_counted_and_then_what_lives_now_is_told() -> None:
    kept = Holding([BEFORE])
    for at in range(holding.LIMIT + 5):
        kept.add(pins(at))
    kept.add(Traffic(grown={"a": (1, 1, 1.0)}))
    assert released(kept) == [NOW, Traffic(grown={"a": (1, 1, 1.0)}), Resynced(missed=holding.LIMIT + 5)]
