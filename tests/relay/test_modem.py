"""What sessions share."""

from irzhub.core.clock import SystemClock
from irzhub.core.metrics import Metrics
from irzhub.relay.messages import ToHub
from irzhub.relay.modem import Shared
from irzhub.relay.recorder_ring import RecorderRings
from irzhub.relay.settings import RelaySettings
from irzhub.relay.wheel import Wheel


def shared(told: list[ToHub]) -> Shared:
    clock = SystemClock()
    return Shared(RelaySettings(), told.append, clock, Metrics(), Wheel(clock), RecorderRings(0, 0))


def test_a_monotonic_moment_becomes_unix_time() -> None:
    ground = shared([])
    now = ground.unix_time()
    assert abs(ground.unix_time(ground.monotonic() - 10) - (now - 10)) < 0.1
    assert ground.unix_time(ground.monotonic() + 10) <= ground.unix_time(), "never in the future"


def test_nothing_heard_is_nothing_told() -> None:
    told: list[ToHub] = []
    shared(told).tell_traffic([])
    assert not told
