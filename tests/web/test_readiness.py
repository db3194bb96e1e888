"""From the parts to one word."""

import pytest

from irzhub.core.bus import Bus
from irzhub.core.health import Health, PartState
from irzhub.web.readiness import readiness


@pytest.mark.parametrize(
    ("relay", "broker", "word"),
    [
        ("up", "up", "ready"),
        ("up", "starting", "ready"),
        ("up", "degraded", "degraded"),
        ("up", "down", "degraded"),
        ("starting", "up", "not_ready"),
        ("down", "down", "not_ready"),
    ],
)
def test_required_parts_decide_and_others_degrade(relay: PartState, broker: PartState, word: str) -> None:
    health = Health(Bus())
    health.set("local_store", "up")
    health.set("relay", relay)
    health.set("broker", broker)

    assert readiness(health) == word


def test_a_hub_whose_parts_have_not_spoken_is_not_ready() -> None:
    assert readiness(Health(Bus())) == "not_ready"
