"""Visit requests over HTTP: filled in from the alert, its modem and the site; printed; closed with what was found."""

from pathlib import Path
from typing import Any

from irzhub.web.models_duty import Visit
from tests.web.routes.alert_rig import lost_together, with_a_door
from tests.web.routes.whole_hub import IMEI

VISITS = "/api/v1/visits"
RU: dict[str, Any] = {"headers": {"Accept-Language": "ru"}}


async def test_a_request_is_filled_in_printed_changed_and_closed(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        site = {
            "name": "Подстанция <Заречье>", "address": "Садовая, 31", "contact": "Громов", "phones": ["+79211234567"],
            "access_notes": "ключ у сторожа",
        }  # fmt: skip
        made = (await whole.call("POST", "/api/v1/sites", site)).json()
        await whole.call("PATCH", f"/api/v1/modems/{IMEI}", {"site": made["id"]})
        wanted = {"alert": 1, "task": "заменить замок", "due_at": "2026-12-01T06:00:00Z"}
        reply = await whole.call("POST", VISITS, wanted, token="operator", **RU)
        visit = reply.json()

        assert reply.status == 201 and {name: visit[name] for name in ("id", "state", "alert", "modem", "due_at")} == {
            "id": 1, "state": "open", "alert": 1, "modem": IMEI, "due_at": "2026-12-01T06:00:00.000Z",
        }  # fmt: skip
        Visit.model_validate(visit)
        assert (visit["site"], visit["address"], visit["access"]) == (
            "Подстанция <Заречье>", "Садовая, 31", "ключ у сторожа",
        )  # fmt: skip
        assert visit["contact"] == "Громов, +79211234567" and visit["task"] == "заменить замок"
        assert visit["cause"] == "ТП-1187: дверь шкафа. Вход 1 «дверь шкафа» не в норме: вкл."
        alert = (await whole.call("GET", "/api/v1/alerts/1")).json()
        assert alert["visit"] == 1 and alert["timeline"][-1]["change"] == "visit"

        page = (await whole.call("GET", f"{VISITS}/1/page", token="viewer", **RU)).body.decode()
        assert "Заявка на выезд № 1" in page and "Подстанция &lt;Заречье&gt;" in page and "01.12.2026 09:00" in page

        tag = {"If-Match": reply.headers["ETag"]}
        edited = await whole.call("PATCH", f"{VISITS}/1", {"due_at": None, "contact": "112"}, headers=tag)
        assert (edited.json()["due_at"], edited.json()["contact"]) == (None, "112")
        assert (await whole.call("PATCH", f"{VISITS}/1", {"task": "x"}, headers=tag)).status == 412
        closed = (await whole.call("POST", f"{VISITS}/1/close", {"result": "замок заменён"}, token="operator")).json()
        assert (closed["state"], closed["closed_by"], closed["result"]) == ("closed", "operator", "замок заменён")
        again = await whole.call("POST", f"{VISITS}/1/close", {"result": "ещё"}, token="operator")
        assert (again.status, again.json()["code"]) == (409, "closed")


async def test_requests_are_listed_by_state_and_alert(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        cause = (await lost_together(whole)).number
        for wanted in ({"alert": 1}, {"alert": cause}, {"modem": IMEI, "cause": "осмотр"}, {"cause": "склад"}):
            assert (await whole.call("POST", VISITS, wanted)).status == 201
        await whole.call("POST", f"{VISITS}/2/close", {"result": "не понадобилась"})
        questions = {
            "": [4, 3, 1], "?state=closed": [2], "?state=all": [4, 3, 2, 1], "?alert=1": [1],
            "?limit=2": [4, 3], "?limit=2&cursor=3": [1],
        }  # fmt: skip
        found = {
            query: [item["id"] for item in (await whole.call("GET", f"{VISITS}{query}")).json()["items"]]
            for query in questions
        }

        assert found == questions
        refused = [
            (await whole.call("POST", VISITS, body)).status
            for body in ({}, {"alert": 99}, {"modem": "868441036779999"}, {"cause": "x", "due_at": "tomorrow"})
        ]
        assert refused == [422, 422, 422, 422]
        assert (await whole.call("GET", f"{VISITS}/9")).status == (await whole.call("GET", f"{VISITS}/x")).status == 404


async def test_several_are_printed_at_once_and_one_that_is_not_there_spoils_no_other_paper(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        for cause in ("осмотр", "замена"):
            assert (await whole.call("POST", VISITS, {"modem": IMEI, "cause": cause})).status == 201
        sheets = "/api/v1/visit_sheets"
        page = (await whole.call("GET", f"{sheets}?visits=2,1,2&lang=ru", token="viewer")).body.decode()

        assert page.count("<section>") == 2 and page.index("№ 2</h1>") < page.index("№ 1</h1>")
        assert (await whole.call("GET", f"{sheets}?visits=1,9")).status == 404
        wrong = ["", "?visits=", "?visits=1;2", "?visits=x", f"?visits={','.join('1' * 51)}"]
        assert [(await whole.call("GET", f"{sheets}{query}")).status for query in wrong] == [400] * 5
