"""What stands behind the routes beside the registry: a desk for each thing that people manage."""

from dataclasses import dataclass

from irzhub.fleet.meters import MeterDesk
from irzhub.fleet.orders import Orders
from irzhub.storage.history import HistoryStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """The desks of the fleet, and the history that they write into."""

    meters: MeterDesk
    orders: Orders
    history: HistoryStore
