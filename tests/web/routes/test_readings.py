"""The reading summary and the polling programs by REST."""

from datetime import UTC, datetime, timedelta

from irzhub.storage.polls import PollRow, record_polls
from irzhub.web.models_meters import PollingPrograms, Readings
from tests.web.conftest import IMEI, Hub
from tests.web.routes.test_meters import OTHER, polled


async def test_the_summary_of_today_counts_meters_by_group_and_cause(hub: Hub) -> None:
    hub.add_modem(name="Садовая, 31", group="Север/Садовая")
    hub.add_modem(OTHER, name="Школьная, 40", group="Юг")
    for address in ("1", "2", "3"):
        await hub.desks.meters.add(IMEI, serial=f"100{address}", address=address)
    await hub.desks.meters.add(OTHER)
    await hub.desks.meters.name_program("10.0.0.7", "АСКУЭ сбыта", "")
    polled(hub, "1", answered=2)
    polled(hub, "2", silent=3)
    polled(hub, "", OTHER, away=1)

    answer = (await hub.get("/api/v1/reports/readings", "viewer")).json()
    Readings.model_validate(answer)
    assert (answer["totals"]["expected"], answer["totals"]["read"], answer["is_over"]) == (4, 1, False)
    assert {name: count for name, count in answer["totals"]["causes"].items() if count} == {
        "meter_silent": 1,
        "not_asked": 1,
        "no_link": 1,
    }
    assert [(each["group"], each["expected"], each["read"]) for each in answer["groups"]] == [
        ("Север/Садовая", 3, 1),
        ("Юг", 1, 0),
    ]
    silent = next(each for each in answer["items"] if each["cause"] == "meter_silent")
    assert (silent["serial"], silent["program_name"], silent["asked"]) == ("1002", "АСКУЭ сбыта", 3)


async def test_items_are_narrowed_and_paged_while_totals_stay(hub: Hub) -> None:
    hub.add_modem(group="Север")
    for address in range(1, 6):
        await hub.desks.meters.add(IMEI, address=str(address))
    polled(hub, "1", answered=1)

    unread = "/api/v1/reports/readings?cause=unread&limit=3"
    first = (await hub.get(unread)).json()
    second = (await hub.get(f"{unread}&cursor={first['next']}")).json()
    assert ([len(page["items"]) for page in (first, second)], first["total"], second["next"]) == ([3, 1], 4, None)
    assert first["totals"]["expected"] == 5
    for query, expected in (("group=Север", 5), ("group=Юг", 0), (f"modem={IMEI}", 5), ("program=10.0.0.9", 5)):
        assert (await hub.get(f"/api/v1/reports/readings?{query}")).json()["totals"]["expected"] == expected


async def test_an_older_day_comes_from_the_history(hub: Hub) -> None:
    hub.add_modem()
    await hub.desks.meters.add(IMEI, address="7")
    then = datetime.now(UTC) - timedelta(days=40)
    day = hub.desks.meters.today(then)
    row = PollRow(day=day, modem=IMEI, address="7", program="p", asked=2, answered=2, first_asked=then, last_asked=then)
    await hub.desks.history.run(lambda connection: record_polls(connection, "main", [row]))

    answer = (await hub.get(f"/api/v1/reports/readings?day={day}")).json()
    assert (answer["totals"]["read"], answer["is_over"]) == (1, True)
    assert (await hub.get("/api/v1/reports/readings?day=2026-02-30")).status == 400


async def test_programs_tell_whom_they_asked_and_where_two_meet(hub: Hub) -> None:
    hub.add_modem()
    polled(hub, "7", answered=2)
    [row] = hub.desks.meters.book.take_changed(1)
    other = PollRow(
        day=row.day,
        modem=IMEI,
        address="7",
        program="10.0.0.8",
        asked=1,
        hours_asked=row.hours_asked,
        first_asked=row.first_asked,
        last_asked=row.last_asked,
    )
    hub.desks.meters.book.load([other])
    named = await hub.call("PUT", "/api/v1/programs/10.0.0.7", "engineer", json={"name": "АСКУЭ сбыта"})

    answer = (await hub.get("/api/v1/programs")).json()
    PollingPrograms.model_validate(answer)
    assert named.json() == {"program": "10.0.0.7", "name": "АСКУЭ сбыта", "comment": ""}
    assert [(each["program"], each["name"], each["modems"], each["asked"]) for each in answer["items"]] == [
        ("10.0.0.7", "АСКУЭ сбыта", 1, 2),
        ("10.0.0.8", "", 1, 1),
    ]
    assert answer["items"][0]["overlaps"] == {"10.0.0.8": 1}
    assert sum(answer["items"][0]["hours"]) == 1


async def test_a_strange_name_of_a_program_is_refused(hub: Hub) -> None:
    for program, name in (("x" * 65, "n"), ("10.0.0.7", "a\x1b[31m")):
        reply = await hub.call("PUT", f"/api/v1/programs/{program}", "admin", json={"name": name})
        assert reply.status in (404, 422)
    assert hub.desks.meters.programs() == {}
