"""Images of firmware over REST, and the job that brings one."""

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from irzhub.web.models_firmware import FirmwareImage
from tests.web.routes.test_settings import come, job_done
from tests.web.routes.whole_hub import IMEI, Reply, WholeHub, whole_hub

DATA = bytes(range(256)) * 20
GIVEN = {"sha256": hashlib.sha256(DATA).hexdigest(), "model": "ATM31", "name": "atm31.bin"}


async def upload(
    hub: WholeHub, data: bytes = DATA, token: str = "engineer", key: str | None = None, **changes: Any
) -> Reply:
    query = urlencode({**GIVEN, **changes})
    headers = {"Content-Type": "application/octet-stream", **({"Idempotency-Key": key} if key else {})}
    return await hub.call("POST", f"/api/v1/firmware?{query}", token=token, data=data, headers=headers)


async def test_an_image_is_kept_under_a_name_of_ours_and_removed(tmp_path: Path) -> None:
    async with whole_hub(tmp_path) as hub:
        made = await upload(hub, name="../../evil.bin")
        image = FirmwareImage.model_validate(made.json())
        assert (made.status, image.size_bytes, image.sha256) == (201, len(DATA), GIVEN["sha256"])
        folder = tmp_path / "data" / "firmware"
        assert [file.name for file in folder.iterdir()] == [f"{image.id}.bin"]
        assert (await hub.call("GET", "/api/v1/firmware")).json()["total"] == 1
        assert (await hub.call("DELETE", f"/api/v1/firmware/{image.id}", token="engineer")).status == 204
        assert list(folder.iterdir()) == []


async def test_an_image_that_is_sent_again_with_its_key_is_kept_once(tmp_path: Path) -> None:
    large = DATA * 40
    sha256 = hashlib.sha256(large).hexdigest()
    async with whole_hub(tmp_path) as hub:
        made, again = [await upload(hub, large, key="k1", sha256=sha256) for _ in range(2)]
        assert (made.status, made.json()["size_bytes"]) == (201, len(large)) and len(large) > 65536
        assert again.json() == made.json() and again.headers["Idempotency-Replayed"] == "true"
        assert (await hub.call("GET", "/api/v1/firmware")).json()["total"] == 1
        assert (await upload(hub, key="k1")).json()["code"] == "key_used"


async def test_what_is_too_large_altered_or_empty_is_not_kept(tmp_path: Path) -> None:
    async with whole_hub(tmp_path, **{"fleet.firmware.largest_image": 4096}) as hub:
        for data, sha256 in (
            (DATA, GIVEN["sha256"]),
            (b"x" * 100, GIVEN["sha256"]),
            (b"", hashlib.sha256().hexdigest()),
        ):
            refused = await upload(hub, data, sha256=sha256)
            assert refused.status == 422, refused.body
        assert (await upload(hub, sha256="0")).status == 400
        assert (await upload(hub, token="operator")).status == 403
        assert (await hub.call("GET", "/api/v1/firmware")).json()["items"] == []
        assert list((tmp_path / "data" / "firmware").iterdir()) == []


async def test_it_is_sent_only_where_the_experiment_is_on(tmp_path: Path) -> None:
    body = {"target": {"modems": [IMEI]}}
    async with whole_hub(tmp_path) as hub:
        modem = await come(hub)
        image = (await upload(hub)).json()["id"]
        refused = await hub.call("POST", f"/api/v1/firmware/{image}/send", body, "engineer")
        assert refused.status == 422
        assert "fleet.firmware.experimental" in refused.body.decode()
        await modem.stop()
    async with whole_hub(tmp_path / "on", **{"fleet.firmware.experimental": True}) as hub:
        modem = await come(hub)
        image = (await upload(hub)).json()["id"]
        _, items = await job_done(hub, body, f"/api/v1/firmware/{image}/send")
        assert (items[0]["status"], items[0]["result"]["total"]) == ("done", 10)
        assert b"".join(modem.firmware) == DATA
        assert b"firmware_finished" in (await hub.call("GET", "/api/v1/events?type=firmware_finished")).body
        await modem.stop()
