"""The kind of job that brings firmware to modems: experimental, off unless `fleet.firmware.experimental` is on.

Size and form of the pages are not known outside the vendor (docs/protocol.md 1.9). Arguments: `image` (its id),
`password` (the modems' service password), and `modem_password` for a single modem.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from irzhub.core.clock import Clock
from irzhub.core.events import FirmwareFinished
from irzhub.core.state import StateStore
from irzhub.fleet.firmware import FirmwareImages, FirmwareRefused
from irzhub.fleet.job_kind import Args, ItemResult, JobItem, JobKind, JobRefused
from irzhub.fleet.settings_job import WIPED, UploadRules, forget_secrets, show_args
from irzhub.fleet.uploader import RETRIED, Uploader, UploadOrder, UploadOutcome
from irzhub.journal.journal import Journal
from irzhub.storage.firmware import FirmwareRow

FIRMWARE_JOB: Final = "firmware"
OFF: Final = "firmware: sending it is experimental and off; fleet.firmware.experimental turns it on"

_KNOWN: Final = frozenset({"image", "password", "modem_password", WIPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareRules:
    """`fleet.firmware` of the configuration."""

    is_on: bool
    page_bytes: int
    resumes: bool
    upload: UploadRules


class FirmwareSender:
    """Carries out items of jobs of the kind `firmware`.

    Args:
        settle: waits until what a modem said in its last hello shows in its state.
    """

    def __init__(
        self,
        images: FirmwareImages,
        uploader: Uploader,
        states: StateStore,
        journal: Journal,
        clock: Clock,
        rules: FirmwareRules,
        settle: Callable[[], Awaitable[None]],
    ) -> None:
        self._images = images
        self._uploader = uploader
        self._states = states
        self._journal = journal
        self._clock = clock
        self._rules = rules
        self._settle = settle

    def kind(self, concurrency: int) -> JobKind:
        """Return the kind of job; firmware is dangerous whatever it is."""
        return JobKind(
            name=FIRMWARE_JOB,
            run=self.run,
            is_dangerous=lambda _args: True,
            concurrency=concurrency,
            check=self.check,
            cancel=self.cancel,
            show=show_args,
            forget=forget_secrets,
        )

    def check(self, args: Args) -> None:
        """Refuse arguments that no modem could be sent (`JobRefused`)."""
        if not self._rules.is_on:
            raise JobRefused(OFF)
        if unknown := sorted(args.keys() - _KNOWN):
            raise JobRefused(f"{unknown[0]}: expected image, password or modem_password")
        if not isinstance(image := args.get("image"), str) or self._images.get(image) is None:
            raise JobRefused("image: expected the id of a firmware image")

    async def run(self, item: JobItem) -> ItemResult:
        """Bring one modem its firmware and tell how that ended."""
        image = self._images.get(str(item.args.get("image")))
        before = self._states.get(item.modem)
        try:
            if image is None:
                raise FirmwareRefused("no such firmware image is known, or it was deleted")
            if item.args.get(WIPED):
                raise FirmwareRefused("its password was wiped when the job ended: send it anew, with it")
            if not (before.model or "").upper().startswith(image.model):
                raise FirmwareRefused(f"expected a model {image.model}, it is {before.model or 'not known'}")
            pages = await self._images.pages(image.id, self._rules.page_bytes)
            outcome = await self._carry_out(item, image, pages)
        except (FirmwareRefused, ValueError) as error:
            return self._told(item, image, None, before.firmware, str(error))
        await self._settle()
        return self._told(item, image, outcome, before.firmware, outcome.detail or None)

    async def cancel(self, item: JobItem) -> None:
        """Call an item off that the modem has not taken yet."""
        self._uploader.cancel(item.key)

    async def _carry_out(self, item: JobItem, image: FirmwareRow, pages: tuple[bytes, ...]) -> UploadOutcome:
        """Bring the pages, and keep how far they are: after a restart it goes on behind the last acknowledged one."""
        mark = {"image": image.name, "sha256": image.sha256, "page_bytes": self._rules.page_bytes, "total": len(pages)}
        first = 0
        was_cut = item.so_far.get("reason") in (None, *RETRIED)
        if self._rules.resumes and was_cut and mark.items() <= item.so_far.items():
            first = int(item.so_far.get("acknowledged", 0))
        return await self._uploader.carry_out(
            self._order(item, pages, first),
            on_progress=lambda acknowledged: item.tell({**mark, "acknowledged": acknowledged}),
        )

    def _order(self, item: JobItem, pages: tuple[bytes, ...], first: int) -> UploadOrder:
        rules = self._rules.upload
        return UploadOrder(
            key=item.key,
            modem=item.modem,
            kind="firmware",
            password=str(item.args.get("modem_password") or item.args.get("password") or rules.password),
            lines=pages,
            prefix=rules.prefix,
            line_s=rules.line_s,
            deadline_s=rules.dial_in_within_s,
            return_within_s=rules.return_within_s,
            attempts=rules.attempts,
            resumes=self._rules.resumes,
            first=first,
        )

    def _told(
        self,
        item: JobItem,
        image: FirmwareRow | None,
        outcome: UploadOutcome | None,
        before: str | None,
        error: str | None,
    ) -> ItemResult:
        firmware = self._states.get(item.modem).firmware if item.modem in self._states else None
        reason = "invalid" if outcome is None else outcome.reason
        if not reason and image is not None and image.version and image.version not in (firmware or ""):
            reason, error = "other_version", f"expected firmware {image.version} in its hello, it says {firmware}"
        status: Literal["done", "failed", "cancelled"] = "failed" if reason else "done"
        status = "cancelled" if reason == "cancelled" else status
        result: dict[str, Any] = {
            "image": None if image is None else image.name,
            "sha256": None if image is None else image.sha256,
            "page_bytes": self._rules.page_bytes,
            "acknowledged": 0 if outcome is None else outcome.acknowledged,
            "total": 0 if outcome is None else outcome.total,
            "attempts": 0 if outcome is None else outcome.attempts,
            "firmware_before": before,
            "firmware": firmware,
            **({"reason": reason} if reason else {}),
        }
        self._journal.append(
            FirmwareFinished(
                ts=self._clock.now(),
                modem=item.modem,
                status={"done": "ok", "failed": "error"}.get(status, status),
                job=item.job,
                origin=item.origin,
                image=None if image is None else image.name,
                sha256=None if image is None else image.sha256,
                pages=result["total"],
                acknowledged=result["acknowledged"],
                attempts=result["attempts"],
                previous=before,
                firmware=firmware,
                reason=reason or None,
                error=error,
            )
        )
        return ItemResult(status=status, result=result, error=error)
