"""What stands behind the routes beside the registry: a desk for each thing that people manage."""

from dataclasses import dataclass

from irzhub.alerts.part import Alerts
from irzhub.automation.desk import AutomationDesk
from irzhub.automation.notification_desk import NotificationDesk
from irzhub.core.exceptions import ServiceError
from irzhub.fleet.field_work import FieldWork
from irzhub.fleet.fleet import Fleet
from irzhub.fleet.group_desk import GroupDesk
from irzhub.fleet.lifecycle import Lifecycle
from irzhub.fleet.meters import MeterDesk
from irzhub.fleet.orders import Orders
from irzhub.fleet.practice import PracticeFleet
from irzhub.fleet.presence import PresenceDesk
from irzhub.fleet.uploads import Uploads
from irzhub.fleet.wake import WakeDesk
from irzhub.reports.part import Reports
from irzhub.storage.history import HistoryStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """The desks of the fleet, and the history that they write into."""

    meters: MeterDesk
    orders: Orders
    history: HistoryStore
    fleet: Fleet | None = None
    notification_desk: NotificationDesk | None = None
    alert_part: Alerts | None = None
    report_part: Reports | None = None
    automation_desk: AutomationDesk | None = None

    @property
    def groups(self) -> GroupDesk:
        """Groups, sites and what organisations have of their own."""
        return self._fleet.groups

    @property
    def lifecycle(self) -> Lifecycle:
        """How modems come and go by people's hand."""
        return self._fleet.lifecycle

    @property
    def field_work(self) -> FieldWork:
        """The lines of modems, for people in the field."""
        return self._fleet.field_work

    @property
    def practice(self) -> PracticeFleet:
        """The simulated modems of a hub that has none of its own."""
        return self._fleet.practice

    @property
    def presence(self) -> PresenceDesk:
        """When modems are to be online."""
        return self._fleet.presence

    @property
    def uploads(self) -> Uploads:
        """Settings and firmware of modems."""
        return self._fleet.uploads

    @property
    def notifications(self) -> NotificationDesk:
        """Who is told of what, as people set it."""
        assert self.notification_desk is not None, "these desks were built without notification settings"
        return self.notification_desk

    @property
    def automations(self) -> AutomationDesk:
        """The rules of the hub.

        Raises:
            ServiceError: they run in a process of their own.
        """
        if self.automation_desk is None:
            raise ServiceError("this hub runs no automations")
        return self.automation_desk

    @property
    def alerts(self) -> Alerts:
        """What is wrong now, and whom it is told."""
        assert self.alert_part is not None, "these desks were built without alerts"
        return self.alert_part

    @property
    def reports(self) -> Reports:
        """Reports, and those that are mailed."""
        assert self.report_part is not None, "these desks were built without reports"
        return self.report_part

    @property
    def wakes(self) -> WakeDesk:
        """Who of the sleeping modems is woken, and how that went before."""
        return self._fleet.wakes

    @property
    def _fleet(self) -> Fleet:
        assert self.fleet is not None, "these desks were built without a fleet"
        return self.fleet
