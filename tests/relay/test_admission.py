"""Each reason to refuse a program stands alone."""

from typing import Any

import pytest

from irzhub.core.clock import SystemClock
from irzhub.core.metrics import Metrics
from irzhub.relay.admission import MAX_PROGRAMS, why_refused
from irzhub.relay.channel import Channel
from irzhub.relay.context import ClientSide
from irzhub.relay.settings import ModemSettings, RelaySettings, SharingSettings


def judge(*, descriptors_left: bool = True, present: int = 0, is_away: bool = False, **settings: Any) -> str | None:
    side = ClientSide(RelaySettings(), lambda _: None, SystemClock(), Metrics(), lambda: descriptors_left)
    wanted = ModemSettings(modem="m", imei="m", **settings)
    channel = Channel(wanted, side)
    speakers = tuple(channel.new_program() for _ in range(present))
    return why_refused(channel.new_program(), wanted, side, speakers, present, is_away)


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ({}, None),
        ({"is_away": True}, None),
        ({"is_away": True, "offline": "refuse"}, "the modem is away"),
        ({"present": MAX_PROGRAMS - 1}, None),
        ({"present": MAX_PROGRAMS}, "64 programs are connected already"),
        ({"descriptors_left": False}, "no file descriptors are left"),
        ({"sharing": SharingSettings(mode="exclusive")}, None),
        ({"sharing": SharingSettings(mode="exclusive"), "present": 1}, "another program has the meter for itself"),
    ],
)
def test_a_program_is_refused_for(state: dict[str, Any], why: str | None) -> None:
    assert judge(**state) == why
