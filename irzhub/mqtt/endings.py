"""How a connection to a broker ended, in words that say what to look at."""

from typing import Final

from irzhub.mqtt.wire import Endpoint, MqttLost, MqttRefused, VersionRefused

_UNSUPPORTED_VERSION: Final = "code 132 "
_NOT_AUTHORISED: Final = ("code 5 ", "code 135 ")
_GOODBYES: Final = {
    0x87: "the broker closed the connection: not authorised",
    0x8B: "the broker is shutting down",
    0x8D: "the broker closed the connection: keepalive missed",
    0x8E: "another client has taken our client id; is a second hub running with the same hub.id?",
    0x95: "the broker closed the connection: packet too large",
    0x97: "the broker closed the connection: quota exceeded",
}


def goodbye(code: int) -> str:
    """Return what a DISCONNECT of this reason code says (MQTT 5, 2.4); 0 when the broker said nothing."""
    return _GOODBYES.get(code, "the broker closed the connection")


def refusal(text: str, end: Endpoint) -> MqttLost:
    """Return the refusal of a CONNECT, from gmqtt's text of it."""
    if _UNSUPPORTED_VERSION in text:
        return VersionRefused("the broker does not speak MQTT 5")
    who = "without a user name" if end.username is None else f"as user {end.username!r}"
    hint = ""
    if end.will is not None and any(code in text for code in _NOT_AUTHORISED):
        hint = f"; its access rules must let us write {end.will.topic} too, where our last will goes"
    return MqttRefused(f"the broker refused us {who}: {text}{hint}")


def describe(error: OSError) -> str:
    """Return why nobody could be reached."""
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    return error.strerror or str(error) or type(error).__name__
