"""The JSON of links: uptime by day, quality by modem and operator, traffic by SIM card and month."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, ConfigDict, Field

from irzhub.web.listing import ListQuery
from irzhub.web.models import Closed, Told

_MONTH: Final = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])", re.ASCII)


def _month(text: str) -> str:
    if _MONTH.fullmatch(text) is None:
        raise ValueError("expected a month such as 2026-11")
    return text


Month = Annotated[str, AfterValidator(_month)]


class UptimeQuery(Closed):
    """For how many days uptime is asked."""

    model_config = ConfigDict(extra="forbid", strict=False)

    days: int = Field(default=30, ge=1, le=366, description="today and the days before it, on the site's clock")


class DayUptime(Told):
    """One day of a modem."""

    day: str
    expected_s: float = Field(description="how long it was to be online")
    online_s: float = Field(description="how long it was, within that time")
    ratio: float | None = Field(description="null when it was not to be online at all")
    sessions: int = Field(description="how many began")


class Uptime(Told):
    """The uptime of a modem, by day."""

    modem: str
    time_zone: str
    ratio: float | None = Field(description="of all days together")
    items: list[DayUptime]


class LinksQuery(ListQuery):
    """Whose links are asked for, and of which days."""

    days: int = Field(default=30, ge=1, le=366)
    group: str | None = Field(default=None, max_length=200)
    organisation: str | None = Field(default=None, max_length=64)


class Quality(Told):
    """How good a link, or all links of an operator, were."""

    modems: int
    availability: float | None = Field(description="share of the expected time in which it was online")
    sessions: int
    breaks: int
    breaks_a_day: float | None = Field(description="in a day of being online")
    between_breaks_s: float | None
    csq: float | None = Field(description="on average")
    csq_min: int | None
    rx_bytes: int = Field(description="meter bytes")
    tx_bytes: int


class ModemQuality(Quality):
    """One modem."""

    modem: str
    modem_name: str
    group: str
    operator: str | None
    iccid: str | None


class OperatorQuality(Quality):
    """All modems with SIM cards of one operator."""

    operator: str | None = Field(description="null where it is not known")


class Links(Told):
    """The links of some days."""

    days: int
    total: int
    operators: list[OperatorQuality]
    items: list[ModemQuality]
    next: str | None


class SimsQuery(ListQuery):
    """Of which month the traffic is asked for."""

    month: Month | None = Field(default=None, description="on the hub's clock; the present one when it is left out")
    group: str | None = Field(default=None, max_length=200)
    organisation: str | None = Field(default=None, max_length=64)


class SimTraffic(Told):
    """What one modem moved in a month. `wire_bytes` is an estimate with headers, acknowledgements and keepalives."""

    modem: str
    modem_name: str
    group: str
    iccid: str | None
    operator: str | None
    rx_bytes: int
    tx_bytes: int
    wire_bytes: int
    forecast_bytes: int = Field(description="`wire_bytes` at the end of the month if it goes on so")


class Sims(Told):
    """The traffic of a month."""

    month: str
    is_over: bool
    wire_bytes: int
    forecast_bytes: int
    total: int
    items: list[SimTraffic]
    next: str | None
