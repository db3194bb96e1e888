"""The end of a connection in words."""

import errno

import pytest

from irzhub.mqtt.endings import describe, goodbye, refusal
from irzhub.mqtt.wire import Endpoint, Message, MqttRefused, VersionRefused

ANYBODY = Endpoint(host="h", port=1883, client_id="c")
HUB = Endpoint(host="h", port=1883, client_id="c", username="hub", will=Message("irzhub/bridge/state", b"offline"))


@pytest.mark.parametrize(
    ("code", "says"),
    [(0, "the broker closed the connection"), (0x8E, "is a second hub running"), (0x8B, "the broker is shutting down")],
)
def test_a_goodbye_says_what_its_code_means(code: int, says: str) -> None:
    assert says in goodbye(code)


def test_a_refusal_names_the_user_and_where_the_will_goes() -> None:
    refused = refusal("Connection Refused: code 135 not authorized", HUB)
    assert type(refused) is MqttRefused
    assert "as user 'hub'" in str(refused) and "irzhub/bridge/state" in str(refused)
    assert "without a user name" in str(refusal("code 3 server unavailable", ANYBODY))
    assert "will" not in str(refusal("code 3 server unavailable", HUB))


def test_a_broker_of_an_older_version_is_told_from_one_that_refuses() -> None:
    assert isinstance(refusal("code 132 unsupported protocol version", ANYBODY), VersionRefused)


def test_an_error_of_the_system_has_words() -> None:
    assert describe(ConnectionRefusedError()) == "connection refused"
    assert describe(OSError(errno.EHOSTUNREACH, "No route to host")) == "No route to host"
    assert describe(TimeoutError()) == "TimeoutError"
