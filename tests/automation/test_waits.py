"""Runs wait for what happens to their own modem, unless they name another, and each for itself."""

import pytest

from tests.automation.rig import MODEM, OTHER, Rig

RULE = """
- id: r
  mode: parallel
  triggers: [{trigger: gpi, to: "on"}]
  actions:
    - {action: wait_for, triggers: [TRIGGER], timeout: "00:05:00", on_timeout: stop}
    - {action: notify, target: a, text: "{{ modem.id }}"}
"""


@pytest.mark.parametrize(
    ("trigger", "told"),
    [
        ("{trigger: disconnected}", [MODEM]),
        (f'{{trigger: disconnected, modem: "{MODEM}"}}', [MODEM, OTHER]),
        (f'{{trigger: disconnected, modem: "{OTHER}"}}', []),
        ("{trigger: disconnected, group: Север}", [MODEM, OTHER]),
        ("{trigger: disconnected, reason: kicked}", []),
        ("{trigger: mqtt, topic: a}", []),
    ],
)
def test_whose_loss_ends_a_wait(trigger: str, told: list[str]) -> None:
    rig = Rig()
    rig.rules(RULE.replace("TRIGGER", trigger))
    rig.gpi("ON", modem=MODEM)
    rig.gpi("ON", modem=OTHER)

    rig.lost(MODEM)
    rig.go(0)

    assert rig.texts == told


def test_what_is_about_no_modem_ends_all_waits() -> None:
    rig = Rig()
    rig.rules(RULE.replace("TRIGGER", "{trigger: mqtt, topic: go}"))
    rig.gpi("ON", modem=MODEM)
    rig.gpi("ON", modem=OTHER)

    rig.engine.happen("mqtt", {"filter": "go", "topic": "go", "payload": ""})
    rig.go(0)

    assert rig.texts == [MODEM, OTHER]
    rig.engine.happen("mqtt", {"filter": "go", "topic": "go", "payload": ""})
    assert len(rig.texts) == 2


def test_what_was_waited_for_in_vain_stops_the_run() -> None:
    rig = Rig()
    rig.rules(RULE.replace("TRIGGER", "{trigger: disconnected}"))
    rig.gpi("ON")
    rig.go(300)
    rig.lost()
    assert rig.texts == []
    assert rig.results() == ["stopped"]
