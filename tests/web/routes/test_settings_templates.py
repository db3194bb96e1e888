"""Templates of settings over REST."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from irzhub.web.models_settings import SettingsTemplate
from tests.web.routes.test_settings import come, job_done
from tests.web.routes.whole_hub import IMEI, Reply, WholeHub, whole_hub

PATH = "/api/v1/settings_templates"
NEW: dict[str, Any] = {
    "name": "Котельные",
    "lines": ["at$sim_apn1={{apn}}", "AT$IRZ_PWD={{pwd}}", "AT$IRZ_LOGIN={{login}}"],
    "defaults": {"apn": "internet", "login": "gate"},
    "modem_values": {IMEI: {"apn": "vpn.local"}},
}


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as hub:
        yield hub


async def make(hub: WholeHub, **changes: Any) -> Reply:
    return await hub.call("POST", PATH, {**NEW, **changes}, "engineer")


async def test_made_read_listed_changed_and_removed(hub: WholeHub) -> None:
    made = await make(hub)
    assert made.status == 201, made.body
    template = SettingsTemplate.model_validate(made.json())
    assert template.lines[0] == "AT$SIM_APN1={{apn}}"
    assert (template.placeholders, template.secrets, template.dangerous) == (["apn", "pwd", "login"], ["pwd"], True)
    where = f"{PATH}/{template.id}"
    assert made.headers["Location"] == where
    assert (await hub.call("GET", f"{PATH}?filter=котельные", token="engineer")).json()["total"] == 1

    edit = {"name": "Подстанции", "defaults": {"login": None}}
    assert (await hub.call("PATCH", where, edit, "engineer", headers={"If-Match": '"old"'})).status == 412
    changed = await hub.call("PATCH", where, edit, "engineer", headers={"If-Match": made.headers["Etag"]})
    assert (changed.json()["name"], changed.json()["defaults"]) == ("Подстанции", {"apn": "internet"})
    assert changed.headers["Etag"] != made.headers["Etag"]
    file = await hub.call("GET", f"{where}/file", token="engineer")
    assert file.body.decode().startswith("# Подстанции\r\nAT$SIM_APN1={{apn}}\r\n")
    assert (await hub.call("DELETE", where, token="engineer")).status == 204
    assert (await hub.call("GET", where, token="engineer")).status == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": ["AT$TOAST=1"]}, "lines.0"),
        ({"lines": ["AT$SIM_MAIN=1", "AT$IRZ_PWD=Zaq12345"]}, "lines.1"),
        ({"lines": []}, None),
        ({"defaults": {"pwd": "Zaq12345"}}, None),
    ],
)
async def test_what_no_template_may_hold(hub: WholeHub, changes: dict[str, Any], field: str | None) -> None:
    refused = await make(hub, **changes)
    assert refused.status == 422
    assert b"Zaq" not in refused.body
    assert field is None or refused.json()["errors"][0]["field"] == field


async def test_a_preview_is_what_is_sent(hub: WholeHub) -> None:
    modem = await come(hub)
    template = (await make(hub)).json()["id"]
    shown = await hub.call("POST", f"{PATH}/{template}/preview", {"modem": IMEI}, "engineer")
    assert shown.json()["lines"] == ["AT$SIM_APN1=vpn.local", "AT$IRZ_PWD={{pwd}}", "AT$IRZ_LOGIN=gate"]
    wrong = {"modem": IMEI, "values": {"login": "x"}}
    shown = await hub.call("POST", f"{PATH}/{template}/preview", wrong, "engineer")
    assert [each["line"] for each in shown.json()["errors"]] == [3]
    _, items = await job_done(hub, {"target": {"modems": [IMEI]}, "template": template, "secrets": {"pwd": "Zaq12345"}})
    assert items[0]["status"] == "done"
    assert modem.settings == {"SIM_APN1": "vpn.local", "IRZ_PWD": "Zaq12345", "IRZ_LOGIN": "gate"}
    await modem.stop()


async def test_rights(hub: WholeHub) -> None:
    assert (await hub.call("POST", PATH, NEW, "operator")).status == 403
    assert (await hub.call("GET", PATH, token="viewer")).status == 403
