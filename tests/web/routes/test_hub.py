"""`/api/v1/hub` and `/api/v1/hub_settings`."""

from pathlib import Path

import pytest

from tests.web.conftest import Hub


async def test_the_hub_says_what_runs_and_what_is_wrong_with_a_part(hub: Hub) -> None:
    hub.health.set("database", "down", "mysql://10.0.0.9: Connection refused")

    reply = await hub.get("/api/v1/hub")

    assert reply.status == 200
    assert reply.json()["state"] == "degraded"
    assert {
        "part": "database",
        "state": "down",
        "detail": "mysql://10.0.0.9: Connection refused",
        "detail_said": {
            "code": "os.refused",
            "values": {"about": "mysql://10.0.0.9"},
            "russian": "mysql://10.0.0.9: в соединении отказано",
        },
    } in reply.json()["parts"]
    assert "aiohttp" in {library["name"] for library in reply.json()["libraries"]}


async def test_the_settings_name_every_key_and_when_a_change_counts(hub: Hub) -> None:
    reply = await hub.get("/api/v1/hub_settings")

    keys = {key["key"]: key for key in reply.json()["items"]}
    assert (keys["web.port"]["usual"], keys["web.port"]["applies"]) == (8080, "at_start")
    assert keys["relay.polling.offline"]["applies"] == "at_once"
    assert keys["mqtt.password"]["is_secret"]
    assert keys["hub"]["is_section"]


async def test_nobody_reads_them_without_a_token(hub: Hub) -> None:
    assert (await hub.get("/api/v1/hub", token=None)).status == 401


async def test_each_setting_says_where_it_was_written(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = hub.settings.config_dir / "irzhub.yaml"
    (tmp_path / file).parent.mkdir()
    monkeypatch.setenv("IRZHUB__HUB__LANGUAGE", "en")
    (tmp_path / file).write_text("web:\n  port: 8081\n")
    keys = {key["key"]: key for key in (await hub.get("/api/v1/hub_settings")).json()["items"]}

    assert keys["web.port"]["written"] == {"source": str(file), "line": 2, "is_variable": False}
    assert keys["web.host"]["written"] is None
    assert keys["hub.language"]["written"] == {"source": "IRZHUB__HUB__LANGUAGE", "line": None, "is_variable": True}
