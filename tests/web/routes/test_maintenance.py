"""Maintenance windows over HTTP: planned, moved, ended; nobody mutes another's modems."""

from datetime import timedelta
from pathlib import Path

from irzhub.core.clock import format_time
from irzhub.storage.accounts import add_token
from irzhub.web.models_duty import MaintenanceWindow
from tests.web.conftest import token_row
from tests.web.routes.alert_rig import opens, with_a_door
from tests.web.routes.whole_hub import IMEI

WINDOWS = "/api/v1/maintenance_windows"


async def test_a_window_is_planned_moved_and_ended(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        await whole.call("POST", "/api/v1/alerts/1/close", {})
        now = whole.hub.clock.now()
        until = format_time(now + timedelta(hours=2))
        reply = await whole.call(
            "POST", WINDOWS, {"group": "Север", "until": until, "reason": "замена шкафа"}, token="operator"
        )
        window = reply.json()
        MaintenanceWindow.model_validate(window)
        assert (reply.status, window["state"], window["created_by"]) == (201, "running", "operator")
        await opens(whole)
        assert (await whole.call("GET", "/api/v1/alerts")).json()["items"] == []
        (muted,) = (await whole.call("GET", "/api/v1/alerts?muted=true")).json()["items"]
        assert muted["muted"] == "maintenance"

        path, tag = f"{WINDOWS}/{window['id']}", {"If-Match": reply.headers["ETag"]}
        moved = await whole.call("PATCH", path, {"reason": "и реле"}, headers=tag)
        assert (moved.status, moved.json()["reason"], moved.json()["until"]) == (200, "и реле", until)
        assert (await whole.call("PATCH", path, {"reason": "x"}, headers=tag)).status == 412
        assert (await whole.call("DELETE", path)).status == 204
        assert (await whole.call("GET", WINDOWS)).json() == {"items": [], "next": None, "total": 0}
        assert (await whole.call("GET", path)).json()["state"] == "over"
        assert (await whole.call("GET", f"{WINDOWS}?past=true")).json()["total"] == 1


async def test_nobody_mutes_the_modems_of_others(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        await whole.call("POST", "/api/v1/organisations", {"id": "south", "name": "South"})
        row = token_row("south", "token-of-south", "admin", organisations=("south",))
        await whole.hub.store.write(lambda connection: add_token(connection, row))
        until = format_time(whole.hub.clock.now() + timedelta(hours=2))
        rest = {"until": until, "reason": "шкаф"}
        places: tuple[dict[str, str], ...] = ({"modem": IMEI}, {"group": "Север"}, {})
        refused = [await whole.call("POST", WINDOWS, {**place, **rest}, token="token-of-south") for place in places]
        assert [reply.status for reply in refused] == [422, 422, 403]

        made = await whole.call("POST", WINDOWS, {"modem": IMEI, **rest})
        path = f"{WINDOWS}/{made.json()['id']}"
        assert (await whole.call("GET", WINDOWS, token="token-of-south")).json()["items"] == []
        assert (await whole.call("DELETE", path, token="token-of-south")).status == 404


async def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        until = format_time(whole.hub.clock.now() + timedelta(hours=2))
        bodies = [
            {"modem": IMEI, "group": "Север", "until": until, "reason": "x"},
            {"modem": "868441036779999", "until": until, "reason": "x"},
            {"group": "Юг", "until": until, "reason": "x"},
            {"until": "2020-01-01T00:00:00Z", "reason": "x"},
            {"until": until, "reason": ""},
            {"until": until, "since": "2030-01-01T00:00:00Z", "reason": "x"},
            {"until": until},
        ]

        assert {(await whole.call("POST", WINDOWS, body)).status for body in bodies} == {422}
        assert (await whole.call("GET", f"{WINDOWS}/01M1SS1NG00000000000000000")).status == 404
