"""Backups by REST: made beside the running hub, taken away as a file, put back into an empty folder."""

import asyncio
from pathlib import Path
from typing import Any

from irzhub.config.load import load_settings
from irzhub.storage.dump import restore
from irzhub.web.models_hub import BackupList
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

BACKUPS = "/api/v1/backups"


async def ended(whole: WholeHub) -> dict[str, Any]:
    """The list, once no backup is being made."""
    async with asyncio.timeout(20):
        while (told := (await whole.call("GET", BACKUPS)).json())["running"] is not None:
            BackupList.model_validate(told)
            await asyncio.sleep(0.02)
    return dict(told)


async def test_a_backup_is_made_taken_away_and_put_back(tmp_path: Path) -> None:
    async with whole_hub(tmp_path / "old") as whole:
        await (await whole.dials()).close()
        begun = await whole.call("POST", BACKUPS)
        assert (begun.status, begun.json()["running"]["name"]) == (202, begun.headers["Location"].rpartition("/")[2])
        assert (await whole.call("POST", BACKUPS)).json()["code"] == "backup_runs"
        told = await ended(whole)
        reply = await whole.call("GET", begun.headers["Location"])

        [made] = told["items"]
        assert (told["failed"], made["size_bytes"]) == (None, len(reply.body))
        assert reply.headers["Content-Disposition"] == f'attachment; filename="{made["name"]}"'

    (tmp_path / "hub.zip").write_bytes(reply.body)
    values = {"hub.data_dir": str(tmp_path / "new")}
    settings = await asyncio.to_thread(load_settings, tmp_path, {}, values)
    report = await restore(settings, tmp_path / "hub.zip", lambda _: None)
    assert report.rows["local/modems"] == 1, IMEI


async def test_a_backup_is_removed_and_no_other_file_is_reached(tmp_path: Path) -> None:
    async with whole_hub(tmp_path) as whole:
        path = (await whole.call("POST", BACKUPS)).headers["Location"]
        await ended(whole)
        assert (await whole.call("DELETE", path)).status == 204
        assert (await ended(whole))["items"] == []
        for name in ("irzhub.zip", "..%2Flocal.db", "irzhub-20260101-000000.zip", path.rpartition("/")[2]):
            missing = await whole.call("GET", f"{BACKUPS}/{name}")
            assert (missing.status, missing.json()["code"]) == (404, "unknown_backup"), name


async def test_only_an_administrator_makes_and_takes_one(tmp_path: Path) -> None:
    async with whole_hub(tmp_path) as whole:
        for role in ("viewer", "operator", "engineer", "auditor"):
            assert (await whole.call("POST", BACKUPS, token=role)).status == 403
            assert (await whole.call("GET", BACKUPS, token=role)).status == 403
