"""What goes over a connection."""

from irzhub.core.exceptions import IrzhubError
from irzhub.mqtt.wire import Endpoint, MqttLost, MqttRefused, VersionRefused


def test_a_password_is_never_printed() -> None:
    assert "secret" not in repr(Endpoint(host="h", port=1, client_id="c", username="u", password="secret"))


def test_every_end_of_a_connection_is_a_loss() -> None:
    assert issubclass(MqttRefused, MqttLost)
    assert issubclass(VersionRefused, MqttLost)
    assert issubclass(MqttLost, IrzhubError)
