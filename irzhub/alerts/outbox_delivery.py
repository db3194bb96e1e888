"""One attempt: a row becomes a delivery, its channel's service is called, and its end is told in one of five words."""

import asyncio
import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from irzhub.alerts.outbox_schedule import PLANS
from irzhub.core.exceptions import ServiceError
from irzhub.core.services import Delivery, DeliveryOutcome, Services, delivery_on
from irzhub.storage.outbox import OutboxRow

_log = logging.getLogger(__name__)

URGENCY: Final[Mapping[str, Literal["now", "soon", "background"]]] = MappingProxyType(
    {"alarm": "now", "warning": "soon", "info": "background"}
)


def build_delivery(row: OutboxRow) -> Delivery:
    """Return what the channel's service gets for a row."""
    return Delivery(
        id=row.id,
        to=row.address,
        text=row.text,
        subject=row.title or row.text.partition("\n")[0][:100],
        urgency=URGENCY[row.severity],
        attempt=row.attempts,
        may_repeat=row.may_repeat,
        event=row.event,
        expires_at=row.expires_at,
        modem=row.modem,
        origin=f"rule:{row.rule}"[:100],
    )


async def deliver(services: Services, row: OutboxRow) -> DeliveryOutcome:
    """Hand a row to its channel and return how that ended; never raises but when it is cancelled."""
    channel = row.channel
    try:
        async with asyncio.timeout(PLANS[channel].timeout_s):
            return await services.call(delivery_on(channel), build_delivery(row))  # type: ignore[arg-type]
    except ServiceError as error:
        return DeliveryOutcome(status="later", error=str(error))
    except TimeoutError:
        return DeliveryOutcome(status="unknown", error=f"no end within {PLANS[channel].timeout_s:g} s")
    except Exception as error:  # noqa: BLE001 - the boundary: a channel is foreign code, and the message may have left
        _log.exception("channel %s failed with message %s", channel, row.id)
        return DeliveryOutcome(status="unknown", error=f"{type(error).__name__}: {error}")
