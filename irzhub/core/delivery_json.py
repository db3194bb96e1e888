"""What programs get of a delivery, whichever way it goes: MQTT and webhooks tell the same."""

from datetime import datetime
from typing import Any

from irzhub.core.clock import format_time
from irzhub.core.services import Delivery


def delivery_json(delivery: Delivery, now: datetime) -> dict[str, Any]:
    """Return a delivery as plain JSON values (docs/notifications.md); `now` is when it leaves."""
    return {
        "id": delivery.id,
        "ts": format_time(now),
        "title": delivery.subject,
        "text": delivery.text,
        "urgency": delivery.urgency,
        "modem": delivery.modem,
        "event": delivery.event or None,
        "origin": delivery.origin,
        "attempt": delivery.attempt,
        "may_repeat": delivery.may_repeat,
    }
