"""The example's own count."""

from integrations._template.tally import Tally


def test_events_and_modems_are_counted() -> None:
    tally = Tally()
    for modem in ("868441036775234", "868441036775234", "868441036775235"):
        tally.add(modem)

    assert tally.shown() == "3 events of 2 modems"
