"""What the status page tells: counts, parts and what they run on; no modem's name, number or address."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from irzhub.const import VERSION
from irzhub.core.health import Health, PartHealth
from irzhub.core.hub import HubPhaseChanged
from irzhub.web.context import WebContext
from irzhub.web.fleet_view import all_modems
from irzhub.web.locality import is_loopback
from irzhub.web.readiness import readiness

_ORDER: Final = {
    name: place
    for place, name in enumerate(("relay", "journal", "local_store", "mqtt", "broker", "database", "recorder", "web"))
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPicture:
    """The hub at a moment.

    Args:
        word: `ready`, `degraded` or `not_ready`.
        modems: how many by state. clients: polling programs connected.
        parts: with causes only when the viewer is on this machine.
        comeback: the word that was given when the hub went online, None before.
        broker: `embedded` or `external`; broker_program: `mosquitto`, `amqtt`, or empty while it is not known.
        is_exposed: served beyond this machine without TLS.
    """

    word: str
    hub_id: str
    version: str
    started_at: datetime
    uptime_s: float
    now: datetime
    phase: str
    comeback: HubPhaseChanged | None
    modems: Mapping[str, int]
    default_passwords: int
    clients: int
    parts: tuple[PartHealth, ...]
    shows_causes: bool
    modem_port: int
    pools: tuple[tuple[int, int], ...]
    broker: str
    broker_program: str
    database: str
    events: int
    pending_events: int
    is_exposed: bool

    @property
    def total(self) -> int:
        """How many modems there are, those that await approval included."""
        return sum(self.modems.values())


def picture_of(context: WebContext, *, shows_causes: bool) -> StatusPicture:
    """Return the present picture; without `shows_causes` the parts' own words are left out."""
    settings = context.settings
    modems = tuple(all_modems(context.states, context.registry))
    parts = tuple(sorted(context.health, key=lambda part: (_ORDER.get(part.part, len(_ORDER)), part.part)))
    now = context.clock.now()
    return StatusPicture(
        word=readiness(context.health),
        hub_id=settings.hub.id,
        version=VERSION,
        started_at=context.started_at,
        uptime_s=max(0.0, (now - context.started_at).total_seconds()),
        now=now,
        phase=context.hub.phase.phase,
        comeback=context.hub.comeback,
        modems=Counter(state.link for state in modems),
        default_passwords=sum(state.default_password for state in modems),
        clients=sum(state.clients for state in modems),
        parts=parts if shows_causes else tuple(PartHealth(part.part, part.state) for part in parts),
        shows_causes=shows_causes,
        modem_port=settings.relay.modems.port,
        pools=tuple((pool.first, pool.last) for pool in settings.relay.polling.pools),
        broker=settings.mqtt.broker,
        broker_program=_broker_program(context.health),
        database=settings.database.url.partition(":")[0].partition("+")[0],
        events=context.journal.last_seq,
        pending_events=context.journal.pending,
        is_exposed=settings.web.tls is None and not is_loopback(settings.web.host),
    )


def _broker_program(health: Health) -> str:
    # The broker's part names its program in the words on its health; only the name leaves this machine.
    said = "" if (part := health.get("broker")) is None else part.detail
    return next((program for program in ("amqtt", "mosquitto") if program in said), "")
