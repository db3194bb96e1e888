"""Which delivery report belongs to which order; bounded, because reports may never come."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from irzhub.api import PhoneOrder

from .numbers import is_same
from .pdu import StatusReport

_MOST: Final = 2000
_MOST_EARLY: Final = 100
_EARLY_S: Final = 30.0

Ended: TypeAlias = tuple[PhoneOrder, Literal["delivered", "failed"]]
"""An order, and what the network says became of it."""


@dataclass(slots=True)
class _Expected:
    """An order of which parts are not reported yet."""

    order: PhoneOrder
    missing: set[int] = field(default_factory=set)


class ReportBook:
    """Orders that were sent with a report wanted, by modem and the network's reference.

    A quick network reports before the modem has told that the SMS was taken: such reports wait for their order.
    """

    def __init__(self) -> None:
        self._expected: OrderedDict[tuple[str, int], _Expected] = OrderedDict()
        self._early: OrderedDict[tuple[str, int], tuple[float, StatusReport]] = OrderedDict()

    def expect(self, modem: str, order: PhoneOrder, now: float) -> Ended | None:
        """Wait for the reports of an order that `modem` has sent; return how it ended if they are here already."""
        expected = _Expected(order, set(order.references))
        for reference in order.references:
            self._expected.pop((modem, reference), None)  # references go round after 256 SMS
            self._expected[modem, reference] = expected
        while len(self._expected) > _MOST:
            self._expected.popitem(last=False)
        for reference in order.references:
            since, report = self._early.pop((modem, reference), (float("-inf"), None))
            if report is not None and now - since < _EARLY_S and (ended := self.take(modem, report, now)) is not None:
                return ended
        return None

    def take(self, modem: str, report: StatusReport, now: float) -> Ended | None:
        """Return the order that a report ends: all of its parts arrived, or one never will. None: nothing ends."""
        if report.outcome == "trying":
            return None
        expected = self._expected.get((modem, report.reference))
        if expected is None or not is_same(report.number, expected.order.number):
            self._early[modem, report.reference] = (now, report)
            while len(self._early) > _MOST_EARLY:
                self._early.popitem(last=False)
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
