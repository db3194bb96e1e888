"""A delivery as programs get it."""

import json
from datetime import UTC, datetime

from irzhub.core.delivery_json import delivery_json
from irzhub.core.services import Delivery

NOW = datetime(2026, 11, 23, 2, 14, 3, 500_000, tzinfo=UTC)


def test_what_a_program_gets() -> None:
    delivery = Delivery(
        id="01K", to="+79211234567", text="дверь", subject="Дверь", urgency="now", modem="868441036775234",
        event={"type": "gpi_changed"}, origin="rule:door", attempt=2, may_repeat=True,
    )  # fmt: skip

    assert json.loads(json.dumps(delivery_json(delivery, NOW))) == {
        "id": "01K",
        "ts": "2026-11-23T02:14:03.500Z",
        "title": "Дверь",
        "text": "дверь",
        "urgency": "now",
        "modem": "868441036775234",
        "event": {"type": "gpi_changed"},
        "origin": "rule:door",
        "attempt": 2,
        "may_repeat": True,
    }
    assert delivery_json(Delivery(id="1", to="x", text=""), NOW)["event"] is None, "none is told as null"
