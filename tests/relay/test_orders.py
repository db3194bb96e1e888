"""What the hub says to the relay."""

import msgspec
import pytest

from irzhub.relay.orders import Drain, KickModem, Message, PutModem, SendCommand
from irzhub.relay.settings import ModemSettings


def test_what_is_left_out_has_a_careful_default() -> None:
    command = SendCommand(request="r", modem="m", command="signal")
    assert (command.args, command.timeout_s) == ({}, 30.0)
    assert (KickModem(modem="m").reason, Drain().seconds) == ("kicked", 5.0)


def test_an_order_cannot_be_changed_on_its_way() -> None:
    order = PutModem(settings=ModemSettings(modem="m", imei="m"))
    with pytest.raises(AttributeError):
        order.settings = ModemSettings(modem="n", imei="n")  # type: ignore[misc]  # the point
    assert isinstance(order, Message)
    assert msgspec.to_builtins(order)["type"] == "PutModem"
