"""Settings and firmware as one part of the fleet: dialogues, templates, images, and the two kinds of jobs."""

from collections.abc import Awaitable, Callable

from irzhub.config.settings import Settings
from irzhub.core.clock import Clock
from irzhub.core.exceptions import UnknownModem
from irzhub.core.services import Services
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.fleet.dialogue_desk import DialogueDesk
from irzhub.fleet.firmware import FirmwareImages
from irzhub.fleet.firmware_job import FirmwareRules, FirmwareSender
from irzhub.fleet.job_kind import JobKind
from irzhub.fleet.registry import Registry
from irzhub.fleet.settings_job import SettingsSender, UploadRules
from irzhub.fleet.settings_record import SettingsRecord
from irzhub.fleet.settings_sms import SmsCarrier
from irzhub.fleet.settings_templates import SettingsTemplates
from irzhub.fleet.uploader import Uploader
from irzhub.journal.journal import Journal
from irzhub.relay.messages import DialogueEnded, DialogueProgress, ToRelay
from irzhub.storage.local import LocalStore


class Uploads:
    """Owns what settings and firmware need; the fleet loads it before its relay and tells it of modems.

    Args:
        repin: called with a modem and the password that it will give from its next hello on.
    """

    def __init__(
        self,
        settings: Settings,
        store: LocalStore,
        journal: Journal,
        states: StateStore,
        services: Services,
        clock: Clock,
        registry: Registry,
        send: Callable[[ToRelay], None],
        repin: Callable[[str, str], Awaitable[None]],
    ) -> None:
        fleet = settings.fleet
        self._concurrency = fleet.settings.concurrency
        self._registry = registry
        self._states = states
        self._tasks = Tasks("uploads")
        self.desk = DialogueDesk(send)
        self.templates = SettingsTemplates(store, clock)
        self.record = SettingsRecord(store, clock)
        self.images = FirmwareImages(store, clock, fleet.firmware.largest_image)
        uploader = Uploader(self.desk)
        rules = UploadRules(
            password=fleet.settings.password,
            prefix=fleet.settings.line_prefix,
            line_s=fleet.settings.line_timeout_s,
            dial_in_within_s=fleet.settings.dial_in_within_s,
            return_within_s=settings.jobs.return_within_s,
            attempts=fleet.settings.attempts,
        )
        self.settings = SettingsSender(
            self.templates,
            self.record,
            uploader,
            SmsCarrier(services, self.desk, self.phone_of),
            states,
            journal,
            clock,
            rules,
            repin,
        )
        self.firmware = FirmwareSender(
            self.images,
            uploader,
            states,
            journal,
            clock,
            FirmwareRules(
                is_on=fleet.firmware.experimental,
                page_bytes=fleet.firmware.page_size,
                resumes=fleet.firmware.resume == "page",
                upload=UploadRules(
                    password=fleet.settings.password,
                    prefix=fleet.firmware.line_prefix,
                    line_s=fleet.firmware.page_timeout_s,
                    dial_in_within_s=fleet.firmware.dial_in_within_s,
                    return_within_s=settings.jobs.return_within_s,
                    attempts=fleet.settings.attempts,
                ),
            ),
            journal.flush,
        )

    def kinds(self) -> tuple[JobKind, ...]:
        """Return the kinds of jobs that it offers."""
        return self.settings.kind(self._concurrency), self.firmware.kind(self._concurrency)

    async def load(self) -> None:
        """Read templates and images; before the jobs, which need them."""
        await self.templates.load()
        await self.images.load()

    async def close(self) -> None:
        """End what runs in the background."""
        await self._tasks.close()

    def phone_of(self, modem: str) -> str:
        """Return the number of a modem's active SIM card, empty when it is not known."""
        try:
            row = self._registry.get(modem)
        except UnknownModem:
            return ""
        sim = self._states.get(modem).sim if modem in self._states else None
        return row.phone_sim2 if sim == 2 else row.phone_sim1

    def take(self, message: DialogueProgress | DialogueEnded) -> None:
        """Take the relay's word on a dialogue."""
        self.desk.take(message)

    def modem_returned(self, modem: str) -> None:
        """A modem has dialled in for normal work."""
        self.desk.modem_returned(modem)

    def forget(self, modem: str) -> None:
        """A modem was deleted."""
        self.desk.forget(modem)
        _ = self._tasks.spawn(self.record.forget(modem), f"forget the settings of {modem}")
