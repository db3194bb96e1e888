"""The watch over HTTP: taken, handed over, and its log."""

from pathlib import Path

from irzhub.storage.accounts import add_token
from irzhub.web.models_duty import ShiftLog, ShiftTold
from tests.web.conftest import token_row
from tests.web.routes.alert_rig import with_a_door

SHIFT, LOG = "/api/v1/shift", "/api/v1/shift_log"


async def test_a_watch_is_taken_written_about_and_handed_over(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        assert (await whole.call("GET", SHIFT, token="viewer")).json() == {
            "holder": None,
            "since": None,
            "handover_note": "",
            "last_handover": None,
            "open": 1,
            "unacknowledged": 1,
            "visits": 0,
            "mine": 0,
            "closed": 0,
        }
        taken = (await whole.call("POST", f"{SHIFT}/take", {}, token="operator")).json()
        assert (taken["holder"], taken["since"] is not None) == ("operator", True)
        await whole.call("PATCH", SHIFT, {"handover_note": "КНС-4: бригада к 09:00"}, token="operator")
        line = await whole.call("POST", LOG, {"text": "Громову не дозвонились", "alert": 1}, token="operator")
        assert (line.status, line.json()["alert"]) == (201, 1)
        await whole.call("POST", "/api/v1/alerts/1/acknowledge", {}, token="operator")
        await whole.call("POST", "/api/v1/alerts/1/close", {}, token="operator")
        stands = (await whole.call("GET", SHIFT, token="operator")).json()
        assert (stands["open"], stands["closed"], stands["mine"]) == (0, 1, 0)

        over = (await whole.call("POST", f"{SHIFT}/hand_over", {}, token="operator")).json()
        assert (over["holder"], over["handover_note"]) == (None, "")
        ShiftTold.model_validate(over)
        assert over["last_handover"]["text"] == "КНС-4: бригада к 09:00" and over["last_handover"]["open"] == 0

        log = (await whole.call("GET", LOG, token="viewer")).json()
        assert [(each["kind"], each["by"]) for each in reversed(log["items"])] == [
            ("opened", "hub"),
            ("taken", "operator"),
            ("note", "operator"),
            ("handed_over", "operator"),
        ]
        ShiftLog.model_validate(log)
        assert log["items"][-1]["text"].endswith("дверь шкафа") and log["next"] is None
        first = (await whole.call("GET", f"{LOG}?limit=2", token="viewer")).json()
        rest = (await whole.call("GET", f"{LOG}?cursor={first['next']}", token="viewer")).json()
        assert first["items"] + rest["items"] == log["items"]


async def test_the_log_is_for_who_sees_the_whole_hub_and_speaks_of_alerts_that_there_are(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        row = token_row("north", "token-of-north", "admin", organisations=("north",))
        await whole.hub.store.write(lambda connection: add_token(connection, row))
        refused = [await whole.call("GET", path, token="token-of-north") for path in (SHIFT, LOG)]
        assert [reply.status for reply in refused] == [403, 403]

        unknown = await whole.call("POST", LOG, {"text": "что это", "alert": 99})
        assert (unknown.status, unknown.json()["errors"][0]["field"]) == (422, "alert")
        assert (await whole.call("POST", LOG, {"text": ""})).status == 422
