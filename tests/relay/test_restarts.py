"""A worker that ends again and again is started later and later."""

from irzhub.relay.restarts import Backoff, WorkerTiming


def test_five_restarts_a_minute_come_soon_then_later_and_later() -> None:
    backoff = Backoff(WorkerTiming())
    waits = [backoff.next_wait_s(float(second)) for second in range(12)]
    assert waits == [0.2, 0.2, 0.2, 0.2, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]
    assert backoff.next_wait_s(200.0) == 0.2
