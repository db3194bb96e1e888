"""What the fleet stands on."""

import dataclasses

from irzhub.fleet.ground import Ground


def test_only_a_hub_before_and_the_way_to_other_servers_may_be_missing() -> None:
    missable = {each.name for each in dataclasses.fields(Ground) if each.default is not dataclasses.MISSING}
    assert missable == {"handover", "outbound"}
