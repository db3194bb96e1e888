"""Which delivery report belongs to which order; bounded, because reports may never come."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, Literal

from irzhub.api import PhoneOrder

from .numbers import is_same
from .pdu import StatusReport

_MOST: Final = 2000


@dataclass(slots=True)
class _Expected:
    """An order of which parts are not reported yet."""

    order: PhoneOrder
    missing: set[int] = field(default_factory=set)


class ReportBook:
    """Orders that were sent with a report wanted, by modem and the network's reference."""

    def __init__(self) -> None:
        self._expected: OrderedDict[tuple[str, int], _Expected] = OrderedDict()

    def expect(self, modem: str, order: PhoneOrder) -> None:
        """Wait for the reports of an order that `modem` has sent."""
        expected = _Expected(order, set(order.references))
        for reference in order.references:
            self._expected.pop((modem, reference), None)  # references go round after 256 SMS
            self._expected[modem, reference] = expected
        while len(self._expected) > _MOST:
            self._expected.popitem(last=False)

    def take(self, modem: str, report: StatusReport) -> tuple[PhoneOrder, Literal["delivered", "failed"]] | None:
        """Return the order that a report ends: all of its parts arrived, or one never will. None: nothing ends."""
        expected = self._expected.get((modem, report.reference))
        if expected is None or not is_same(report.number, expected.order.number) or report.outcome == "trying":
            return None
        del self._expected[modem, report.reference]
        expected.missing.discard(report.reference)
        if report.outcome == "failed":
            for reference in expected.missing:
                self._expected.pop((modem, reference), None)
            return expected.order, "failed"
        return None if expected.missing else (expected.order, "delivered")

    def __len__(self) -> int:
        return len(self._expected)
