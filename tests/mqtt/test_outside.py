"""What rules say to other programs over the broker, and hear from them."""

import logging

import pytest

from irzhub.core.clock import SystemClock
from irzhub.mqtt.hush import Hush
from irzhub.mqtt.outside import Outside, is_match
from irzhub.mqtt.session import V5, V311
from irzhub.mqtt.topics import Topics
from irzhub.mqtt.wire import MqttLost, MqttRefused, Received


@pytest.fixture
def outside() -> Outside:
    return Outside(Topics("irzhub"), Hush(logging.getLogger("test"), SystemClock()))


@pytest.mark.parametrize(
    ("topic", "topic_filter", "matches"),
    [
        ("scada/pump/1", "scada/pump/1", True),
        ("scada/pump/1", "scada/+/1", True),
        ("scada/pump/1", "scada/#", True),
        ("scada", "scada/#", True),
        ("scada/pump/1", "#", True),
        ("scada/pump/1", "scada/pump", False),
        ("scada/pump", "scada/pump/+", False),
        ("scada/pump/1", "scada/pump/2", False),
        ("$SYS/uptime", "#", False),
        ("$SYS/uptime", "+/uptime", False),
        ("", "+", True),
    ],
)
def test_which_topics_a_filter_means(topic: str, topic_filter: str, matches: bool) -> None:
    assert is_match(topic, topic_filter) is matches


def test_each_listener_hears_what_it_wants_until_it_ends(outside: Outside) -> None:
    heard: list[tuple[str, str]] = []
    end = outside.listen("scada/#", lambda topic, payload: heard.append((topic, payload)))

    assert outside.take(Received("scada/pump", "вкл".encode(), False), V5)
    assert not outside.take(Received("other/pump", b"1", False), V5)
    end()
    assert not outside.take(Received("scada/pump", b"2", False), V5)

    assert heard == [("scada/pump", "вкл")]


def test_topics_of_the_hub_are_not_for_rules(outside: Outside) -> None:
    outside.listen("#", lambda _topic, _payload: pytest.fail("the hub's own topic was told"))
    assert not outside.take(Received("irzhub/modem/868441036775234/command", b"{}", False), V5)


def test_what_a_broker_of_the_old_protocol_had_kept_is_no_news(outside: Outside) -> None:
    outside.listen("#", lambda _topic, _payload: pytest.fail("an old message was told"))
    assert outside.take(Received("scada/pump", b"1", True), V311)


def test_a_payload_that_is_too_long_is_dropped(outside: Outside, caplog: pytest.LogCaptureFixture) -> None:
    outside.listen("#", lambda _topic, _payload: pytest.fail("a huge message was told"))
    assert outside.take(Received("scada/pump", b"x" * 65_537, False), V5)
    assert "more than 65536 bytes" in caplog.text


@pytest.mark.parametrize("topic", ["irzhub/bridge/state", "irzhub/modem/868441036775234/response", "a/+", "$SYS/x", ""])
def test_where_rules_may_not_publish(outside: Outside, topic: str) -> None:
    with pytest.raises(MqttRefused, match="expected a topic outside irzhub/#"):
        outside.publish(topic, "1", retain=False)


def test_without_a_connection_who_publishes_is_told(outside: Outside) -> None:
    with pytest.raises(MqttLost, match="the broker is away"):
        outside.publish("scada/pump", "1", retain=False)
