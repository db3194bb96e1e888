"""The directory over REST, on a whole hub: entries of each kind, who has duty, what may not be removed."""

from pathlib import Path

from tests.web.routes.whole_hub import whole_hub

ANNA = {"title": "Анна", "addresses": [{"channel": "sms", "address": "+79211234567"}], "digest_at": "08:00"}


async def test_entries_are_made_read_changed_and_removed(tmp_path: Path) -> None:
    async with whole_hub(tmp_path) as whole:
        made = await whole.call("PUT", "/api/v1/contacts/anna", ANNA)
        assert (made.status, made.json()["title"], made.json()["changed_by"]) == (201, "Анна", "admin")
        ladder = {"steps": [{"targets": ["anna"]}, {"targets": ["смена"], "wait_s": "5m", "channels": ["call"]}]}
        roster = {
            "rotation": {"names": ["anna"], "first_day": "2026-01-01", "hours": 24},
            "shifts": [
                {"names": ["anna"], "begins_at": "2026-01-01T08:00:00+03:00", "ends_at": "2026-01-02T08:00:00Z"}
            ],
        }
        for path, body in (
            ("/api/v1/rosters/смена", roster),
            ("/api/v1/teams/все", {"members": ["anna", "смена"]}),
            ("/api/v1/calendars/ночь", {"spans": [{"begins": "22:00", "ends": "07:00"}], "free": ["2026-05-09"]}),
            ("/api/v1/ladders/тревога", ladder),
        ):
            assert (await whole.call("PUT", path, body)).status == 201, path

        duty = (await whole.call("GET", "/api/v1/duty?days=2", token="operator")).json()["items"]
        assert (duty[0]["roster"], duty[0]["now"], duty[0]["plan"][0]["names"]) == ("смена", ["anna"], ["anna"])
        kept = (await whole.call("GET", "/api/v1/ladders/тревога")).json()
        assert (kept["steps"][1]["wait_s"], kept["repeats"]) == (300.0, 0)
        anna = await whole.call("GET", "/api/v1/contacts/anna")
        assert sorted(anna.json()["used_by"]) == ["ladder тревога", "roster смена", "team все"]
        assert [each["name"] for each in (await whole.call("GET", "/api/v1/contacts")).json()["items"]] == ["anna"]

        tag = {"If-Match": anna.headers["ETag"]}
        assert (await whole.call("PUT", "/api/v1/contacts/anna", {**ANNA, "title": "А."}, headers=tag)).status == 200
        assert (await whole.call("PUT", "/api/v1/contacts/anna", ANNA, headers=tag)).status == 412
        assert (await whole.call("DELETE", "/api/v1/contacts/anna")).json()["code"] == "in_use"
        assert (await whole.call("PUT", "/api/v1/teams/anna", {"members": ["все"]})).json()["code"] == "not_possible"
        wrong = {"addresses": [{"channel": "sms", "address": "+7921;AT"}]}
        assert (await whole.call("PUT", "/api/v1/contacts/bob", wrong)).status == 422
        assert (await whole.call("PUT", "/api/v1/contacts/a%2Fb", ANNA)).status in (404, 422)
        assert (await whole.call("PUT", "/api/v1/contacts/bob", ANNA, token="operator")).status == 403
        assert (await whole.call("GET", "/api/v1/contacts", token="viewer")).status == 403
        assert (await whole.call("DELETE", "/api/v1/calendars/ночь")).status == 204
        assert (await whole.call("GET", "/api/v1/calendars/ночь")).status == 404
