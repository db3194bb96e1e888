"""Alerts over HTTP: lists, one with all about it, and what people do about them."""

import asyncio
from pathlib import Path
from typing import Any

from irzhub.alerts.messages import Message
from irzhub.core.clock import format_time
from irzhub.storage.accounts import add_token
from irzhub.storage.outbox import OutboxRow, save_outbox
from irzhub.web.models_alerts import AlertModems, AlertPage, OneAlert
from tests.web.conftest import token_row
from tests.web.routes.alert_rig import ALERTS, MEMBERS, lost_together, opens, with_a_door
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

RU: dict[str, Any] = {"headers": {"Accept-Language": "ru"}}


async def ids(whole: WholeHub, query: str = "", token: str = "viewer") -> list[int]:
    """Which alerts a question finds."""
    reply = await whole.call("GET", f"{ALERTS}{query}", token=token)
    assert reply.status == 200, reply.body
    return [item["id"] for item in reply.json()["items"]]


async def test_an_open_alert_is_listed_with_cause_check_and_action(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        page = (await whole.call("GET", ALERTS, token="viewer", **RU)).json()
        (alert,) = page["items"]

        AlertPage.model_validate(page)
        assert (page["next"], page["total"]) == (None, 1)
        assert {name: alert[name] for name in ("id", "kind", "subject", "severity", "state", "count")} == {
            "id": 1, "kind": "gpi_alarm", "subject": f"{IMEI}/gpi/1", "severity": "alarm", "state": "open", "count": 1,
        }  # fmt: skip
        assert (alert["title"], alert["modem_name"], alert["group"]) == (
            "ТП-1187: дверь шкафа",
            "ТП-1187",
            "Север/Заречье",
        )
        assert alert["cause"] == "Вход 1 «дверь шкафа» не в норме: вкл." and alert["check"] and alert["action"]
        assert alert["lasts_s"] >= 0 and alert["acknowledged_by"] is None and alert["where"] is None
        english = (await whole.call("GET", f"{ALERTS}?lang=en", token="viewer")).json()["items"][0]
        assert english["cause"] == "Input 1 \u201cдверь шкафа\u201d is not normal: on."


async def test_what_people_do_is_done_noted_and_seen(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        done = await whole.call("POST", f"{ALERTS}/1/acknowledge", {"note": "еду"}, token="operator")
        assert (done.status, done.json()["acknowledged_by"]) == (200, "operator")
        await whole.call("POST", f"{ALERTS}/1/silence", {"for_s": "2h"}, token="operator")
        await whole.call("POST", f"{ALERTS}/1/comments", {"text": "ключ у сторожа"}, token="operator")
        edited = await whole.call("PATCH", f"{ALERTS}/1", {"owner": "громов", "note": "бригада к 9"}, token="operator")
        assert edited.json()["silenced"] is True and edited.json()["owner"] == "громов"

        one = (await whole.call("GET", f"{ALERTS}/1", token="viewer")).json()
        assert [(each["by"], each["change"], each["note"]) for each in one["timeline"]] == [
            ("hub", "opened", ""),
            ("operator", "acknowledged", "еду"),
            ("operator", "silenced", ""),
            ("operator", "comment", "ключ у сторожа"),
            ("operator", "assigned", "громов"),
            ("operator", "noted", "бригада к 9"),
        ]
        assert (one["note"], one["course"], one["evidence"], one["uplink"]) == ("бригада к 9", None, [], None)
        undone = await whole.call("POST", f"{ALERTS}/1/unacknowledge", {}, token="operator")
        spoken = await whole.call("POST", f"{ALERTS}/1/silence", {}, token="operator")
        assert undone.json()["acknowledged_at"] is None and spoken.json()["silenced"] is False

        closed = await whole.call("POST", f"{ALERTS}/1/close", {"note": "проверили"}, token="operator")
        assert (closed.json()["state"], closed.json()["closed_by"]) == ("closed", "operator")
        again = await whole.call("POST", f"{ALERTS}/1/acknowledge", {}, token="operator")
        assert (again.status, again.json()["code"]) == (409, "not_open")
        audit = (await whole.call("GET", "/api/v1/audit?action=close_alert")).json()["items"]
        assert audit[0]["after"]["closed_by"] == "operator"


async def test_two_edits_that_meet_are_told_so(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        read = await whole.call("GET", f"{ALERTS}/1")
        tag = {"If-Match": read.headers["ETag"]}
        first = await whole.call("PATCH", f"{ALERTS}/1", {"owner": "анна"}, headers=tag)
        second = await whole.call("PATCH", f"{ALERTS}/1", {"owner": "борис"}, headers=tag)

        assert (first.status, second.status) == (200, 412) and first.headers["ETag"] != read.headers["ETag"]


async def test_lists_are_narrowed_and_several_are_acknowledged_at_once(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        cause = (await lost_together(whole)).number
        await whole.call("POST", f"{ALERTS}/1/acknowledge", {}, token="operator")
        await whole.call("PATCH", f"{ALERTS}/{cause}", {"owner": "operator"}, token="operator")
        questions = {
            "": [2, 1],
            "?acknowledged=true": [1],
            "?acknowledged=false": [2],
            "?kind=gpi_alarm": [1],
            "?kind=gpi_alarm,common_cause": [2, 1],
            "?severity=alarm": [2, 1],
            f"?modem={IMEI}": [1],
            f"?modem={MEMBERS[0]}": [2],
            "?group=Север": [1],
            "?owner=operator": [2],
            "?filter=дверь%20шкафа&lang=ru": [1],
            "?filter=сота&lang=ru": [2],
            "?parent=2": [],
            "?until=2020-01-01T00:00:00Z": [],
            "?since=2020-01-01T00:00:00Z": [2, 1],
            "?state=closed": [],
            "?limit=1": [2],
            "?limit=1&cursor=2": [1],
        }
        assert {question: await ids(whole, question) for question in questions} == questions
        assert await ids(whole, "?mine=true", token="operator") == [2, 1]
        assert await ids(whole, "?mine=true") == []
        assert (await whole.call("GET", f"{ALERTS}?limit=1")).json()["next"] == "2"
        reply = await whole.call("POST", f"{ALERTS}/acknowledge", {"alerts": [1, cause, 99, 1]}, token="operator")
        assert reply.json() == {"acknowledged": [1, cause], "not_open": [99]}


async def test_the_past_is_paged_behind_what_is_open(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        for number in range(2, 7):
            await whole.call("POST", f"{ALERTS}/{number - 1}/close", {})
            await opens(whole)

        assert await ids(whole, "?state=closed") == [5, 4, 3, 2, 1] and await ids(whole) == [6]
        pages, cursor = [], ""
        while True:
            page = (await whole.call("GET", f"{ALERTS}?state=all&limit=2{cursor}")).json()
            pages.append([item["id"] for item in page["items"]])
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        assert pages == [[6, 5], [4, 3], [2, 1]] and page["total"] is None
        one = (await whole.call("GET", f"{ALERTS}/3")).json()
        assert one["state"] == "closed" and [each["change"] for each in one["timeline"]] == ["opened", "closed"]


async def test_a_common_cause_shows_evidence_course_and_modems(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        number = (await lost_together(whole)).number
        whole.hub.alerts.incidents.outages.groups.returned(MEMBERS[3], whole.hub.clock.now())
        one = (await whole.call("GET", f"{ALERTS}/{number}", **RU)).json()

        OneAlert.model_validate(one)
        assert (one["title"], one["where"]) == ("Нет связи у 4 модемов", "МТС, сота 3860, LAC 7712")
        assert one["evidence"] == [{"about": "cause", "lost": 4, "of": 4}] and one["uplink"] is True
        assert sum(point["lost"] for point in one["course"]["points"]) == 4
        assert sum(point["returned"] for point in one["course"]["points"]) == 1
        modems = (await whole.call("GET", f"{ALERTS}/{number}/modems?away=true&limit=2")).json()
        AlertModems.model_validate(modems)
        assert [item["modem"] for item in modems["items"]] == MEMBERS[:2] and modems["total"] == 3
        rest = (await whole.call("GET", f"{ALERTS}/{number}/modems?away=true&cursor={modems['next']}")).json()
        assert [item["modem"] for item in rest["items"]] == [MEMBERS[2]] and rest["next"] is None
        table = await whole.call("GET", f"{ALERTS}/{number}/modems?format=csv")
        assert table.body.startswith(b"\xef\xbb\xbfmodem;name;") and table.body.count(b"\r\n") == 5
        (own,) = (await whole.call("GET", f"{ALERTS}/1/modems")).json()["items"]
        assert (own["modem"], own["returned_at"]) == (IMEI, None)


async def test_who_was_told_and_who_is_next_stands_with_the_alert(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        now = whole.hub.clock.now()
        row = OutboxRow(
            id="01M", created_at=now, state="sent", channel="sms", address="+79211234567", contact="громов", rule="r",
            subject=IMEI, event_id="e", event_ts=now, text="дверь", incident=1, expires_at=now, sent_at=now,
            finished_at=now,
        )  # fmt: skip
        await whole.hub.store.write(lambda connection: save_outbox(connection, [row]))
        (told,) = (await whole.call("GET", f"{ALERTS}/1")).json()["notified"]

        assert (told["channel"], told["contact"], told["address"], told["status"]) == (
            "sms", "громов", "+79211234567", "sent",
        )  # fmt: skip
        await whole.call("PUT", "/api/v1/contacts/anna", {"addresses": [{"channel": "sms", "address": "+79211234567"}]})
        steps = [{"targets": ["anna"], "wait_s": 600}, {"targets": ["anna"], "channels": ["call"], "wait_s": 300}]
        made = await whole.call("PUT", "/api/v1/ladders/night", {"steps": steps})
        assert made.status in (200, 201), made.body
        now = whole.hub.clock.now()
        message = Message(
            rule="r", subject=IMEI, event_id="e1", ts=now, text="дверь", targets=("night",), incident=1, modem=IMEI
        )
        await whole.hub.alerts.outbox.tell(message)
        await whole.until(lambda: whole.hub.alerts.outreach.escalations.runs)
        await whole.hub.store.write(lambda connection: None)

        async def climbs() -> Any:
            return (await whole.call("GET", f"{ALERTS}/1")).json()["escalation"]

        while not (found := await climbs()):
            await asyncio.sleep(0.05)
        (climb,) = found
        assert {name: climb[name] for name in ("ladder", "step", "steps", "targets", "ended_at")} == {
            "ladder": "night", "step": 1, "steps": 2, "targets": ["anna"], "ended_at": None,
        }  # fmt: skip
        assert climb["next_at"] > format_time(now)
        OneAlert.model_validate((await whole.call("GET", f"{ALERTS}/1")).json())


async def test_of_a_common_cause_others_see_their_own_modems_only(tmp_path: Path) -> None:
    async with whole_hub(tmp_path) as whole:
        for organisation in ("north", "south"):
            await whole.call("POST", "/api/v1/organisations", {"id": organisation, "name": organisation})
        token = token_row("north", "token-of-north", "admin", organisations=("north",))
        await whole.hub.store.write(lambda connection: add_token(connection, token))
        south = token_row("south", "token-of-south", "admin", organisations=("south",))
        await whole.hub.store.write(lambda connection: add_token(connection, south))
        number = (await lost_together(whole, own=MEMBERS[:1])).number
        one = (await whole.call("GET", f"{ALERTS}/{number}", token="token-of-north")).json()

        assert (one["members"], one["away"], one["evidence"]) == (1, 1, [])
        assert sum(point["lost"] for point in one["course"]["points"]) == 1
        modems = (await whole.call("GET", f"{ALERTS}/{number}/modems", token="token-of-north")).json()
        assert [item["modem"] for item in modems["items"]] == MEMBERS[:1]
        done = await whole.call("POST", f"{ALERTS}/{number}/acknowledge", {}, token="token-of-north")
        assert (done.status, done.json()["code"]) == (403, "beyond_own_scope")
        assert await ids(whole, token="token-of-south") == []
        assert (await whole.call("GET", f"{ALERTS}/{number}", token="token-of-south")).status == 404


async def test_a_modem_that_leaves_is_an_alert_until_it_dials_in_again(tmp_path: Path) -> None:
    async with whole_hub(tmp_path, **{"alerts.link_lost_after": "0s", "alerts.hold": "0s"}) as whole:
        modem, book = await whole.dials(), whole.hub.alerts.incidents.book
        await modem.close()
        await whole.until(lambda: book.find("link_lost", IMEI))
        (alert,) = (await whole.call("GET", ALERTS, **RU)).json()["items"]
        assert (alert["title"], alert["state"]) == (f"{IMEI}: нет связи", "open") and alert[
            "hint"
        ] != "нет подробностей"

        await whole.dials()
        await whole.until(lambda: book.find("link_lost", IMEI) is None)
        await whole.hub.journal.flush()
        (closed,) = (await whole.call("GET", f"{ALERTS}?state=closed")).json()["items"]
        assert (closed["id"], closed["state"], closed["count"]) == (alert["id"], "closed", 1)
        events = (await whole.call("GET", "/api/v1/events?type=alert_opened,alert_closed")).json()["items"]
        assert [event["type"] for event in events] == ["alert_opened", "alert_closed"]


REFUSED: list[tuple[str, str, Any, int]] = [
    ("GET", "/2", None, 404),
    ("GET", "/x", None, 404),
    ("GET", "/%D9%A3", None, 404),
    ("GET", "/" + "9" * 40, None, 404),
    ("GET", "?state=never", None, 400),
    ("GET", "?limit=0", None, 400),
    ("POST", "/2/acknowledge", {}, 404),
    ("POST", "/1/silence", {"for_s": 0}, 422),
    ("POST", "/1/comments", {"text": ""}, 422),
    ("POST", "/1/comments", {"text": "x" * 2001}, 422),
    ("PATCH", "/1", {"severity": "info"}, 422),
    ("POST", "/acknowledge", {"alerts": []}, 422),
]


async def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        seen = [(await whole.call(method, f"{ALERTS}{path}", body)).status for method, path, body, _ in REFUSED]

        assert seen == [status for *_, status in REFUSED]
        assert (await whole.call("GET", f"{ALERTS}/1")).json()["state"] == "open"
