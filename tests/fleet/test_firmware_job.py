"""Who may not be sent firmware; what happens to the rest is in test_uploads.py."""

from pathlib import Path
from typing import Any

import pytest

from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.state import StateStore
from irzhub.fleet.dialogue_desk import DialogueDesk
from irzhub.fleet.firmware import FirmwareImages
from irzhub.fleet.firmware_job import OFF, FirmwareRules, FirmwareSender
from irzhub.fleet.job_kind import JobRefused
from irzhub.fleet.settings_job import UploadRules
from irzhub.fleet.uploader import Uploader
from irzhub.storage.local import LocalStore

RULES = UploadRules(password="5492", prefix="%04d", line_s=1, dial_in_within_s=1, return_within_s=1)


@pytest.mark.parametrize(
    ("is_on", "args", "complaint"),
    [
        (False, {"image": "x"}, OFF),
        (True, {}, "image: expected the id"),
        (True, {"image": 7}, "image: expected the id"),
        (True, {"image": "x", "toast": 1}, "toast: expected"),
    ],
)
async def test_arguments_that_are_refused(tmp_path: Path, is_on: bool, args: dict[str, Any], complaint: str) -> None:
    async with LocalStore(tmp_path) as store:
        clock = SystemClock()
        sender = FirmwareSender(
            FirmwareImages(store, clock, 1000),
            Uploader(DialogueDesk(lambda _message: None)),
            StateStore(Bus()),
            None,  # type: ignore[arg-type]  # nothing is told here
            clock,
            FirmwareRules(is_on=is_on, page_bytes=512, resumes=False, upload=RULES),
            None,  # type: ignore[arg-type]
        )
        with pytest.raises(JobRefused) as refused:
            sender.check(args)
        assert complaint in str(refused.value)
        assert sender.kind(1).is_dangerous(args)
