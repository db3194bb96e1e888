"""What rules say to the outbox."""

from datetime import UTC, datetime

from irzhub.alerts.messages import DAMP_S, Message, Recipient
from irzhub.core.services import delivery_on

NOW = datetime(2026, 11, 21, 18, 57, 3, tzinfo=UTC)


def test_a_message_is_damped_unless_it_says_otherwise() -> None:
    message = Message(rule="door", subject="868441036775234/gpi/1", event_id="01K", ts=NOW, text="open")

    assert message.damp_s == DAMP_S == 300.0
    assert message.severity == "warning"


def test_a_recipient_is_one_address_on_one_channel() -> None:
    assert Recipient("sms", "+79211234567") == Recipient("sms", "+79211234567", contact="")
    assert Recipient("sms", "+79211234567") != Recipient("call", "+79211234567")


def test_each_channel_has_its_own_service() -> None:
    assert delivery_on("sms").name == "deliver.sms"
    assert delivery_on("sms") != delivery_on("email")
