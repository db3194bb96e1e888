"""Messages go through the door as bytes and come out equal."""

import pytest

from irzhub.relay.door import CodedDoor
from irzhub.relay.messages import PinsSeen, ToHub, ToRelay
from irzhub.relay.orders import Drain, PutModem
from tests.relay.modem_rig import modem_settings


def test_what_goes_in_comes_out_equal_and_as_another_object() -> None:
    to_hub: list[ToHub] = []
    to_relay: list[ToRelay] = []
    door = CodedDoor(to_hub.append)
    door.open(to_relay.append)
    put = PutModem(settings=modem_settings())
    seen = PinsSeen(modem="868441036775234", generation=1, at=1.5, asked=True, pins=[(1, False, True)])
    door.send(put)
    door.to_hub(seen)
    assert to_relay == [put]
    assert to_hub == [seen]
    assert to_relay[0] is not put
    assert to_hub[0] is not seen


def test_a_door_without_a_relay_says_so() -> None:
    with pytest.raises(RuntimeError, match="no relay behind it"):
        CodedDoor(lambda _: None).send(Drain())
