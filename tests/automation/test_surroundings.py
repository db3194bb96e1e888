"""What stands under all parts of a hub stands under its automations too."""

import dataclasses
from pathlib import Path
from typing import Any

from irzhub.automation.surroundings import Surroundings
from irzhub.fleet.ground import Ground
from tests.automation.process import Process


def test_they_are_those_of_the_hub(tmp_path: Path) -> None:
    process = Process(tmp_path)
    named: dict[str, Any] = {each.name: getattr(process, each.name, None) for each in dataclasses.fields(Ground)}
    ground = Ground(**named)

    around = Surroundings.of(ground, feed=process.feed, outbox=process.people)

    for name in ("settings", "store", "states", "bus", "services", "health", "metrics", "clock"):
        assert getattr(around, name) is getattr(process, name)
    assert (around.feed, around.outbox, around.broker) == (process.feed, process.people, None)
