"""Uptime, quality of links and traffic by REST, on a whole hub."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from irzhub.storage.history_rows import upsert_rows
from irzhub.storage.history_series import DAY_S, SlotRow, upsert_slots
from irzhub.storage.local import Connection
from irzhub.storage.tables_history import sessions
from irzhub.web.models_links import Links, Sims, Uptime
from tests.storage.test_history_links import session
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as running:
        modem = await running.dials()
        yield running
        await modem.close()


async def test_an_online_modem_is_up_since_it_was_registered(hub: WholeHub) -> None:
    async with asyncio.timeout(20):
        while not (uptime := (await hub.call("GET", f"/api/v1/modems/{IMEI}/uptime?days=2")).json())["items"][-1][
            "sessions"
        ]:
            await asyncio.sleep(0.1)
    Uptime.model_validate(uptime)
    assert uptime["time_zone"] == "Europe/Moscow"
    assert uptime["ratio"] == 1
    assert (await hub.call("GET", "/api/v1/modems/868441036779999/uptime")).status == 404


async def test_a_call_that_the_history_does_not_know_yet_counts_neither_way(hub: WholeHub) -> None:
    def forget(connection: Connection) -> None:
        connection.execute(delete(sessions))

    async with asyncio.timeout(20):
        while not (await hub.call("GET", f"/api/v1/sessions?modem={IMEI}")).json()["items"]:
            await asyncio.sleep(0.1)
    await hub.hub.history.run(forget)
    uptime = (await hub.call("GET", f"/api/v1/modems/{IMEI}/uptime?days=2")).json()
    assert (uptime["ratio"], [day["ratio"] for day in uptime["items"]]) == (None, [None])


async def test_a_schedule_changes_what_counts(hub: WholeHub) -> None:
    windows = [{"cron": "0 3 1 1 *", "duration": "30m"}]
    edit = {"relay": {"presence": {"mode": "schedule", "windows": windows}}}
    changed = await hub.call("PATCH", f"/api/v1/modems/{IMEI}", edit)
    uptime = (await hub.call("GET", f"/api/v1/modems/{IMEI}/uptime?days=1")).json()

    assert changed.status == 200
    assert (uptime["ratio"], uptime["items"][-1]["expected_s"]) == (None, 0)
    wrong = await hub.call("PATCH", f"/api/v1/modems/{IMEI}", {"relay": {"presence": {"windows": []}}})
    assert (wrong.status, "presence.windows" in wrong.body.decode()) == (422, True)


async def test_links_and_traffic_come_from_the_history(hub: WholeHub) -> None:
    now = datetime.now(UTC)
    name = hub.hub.history.hub

    def write(connection: Connection) -> None:
        upsert_rows(
            connection, sessions, [session("s1", IMEI, now - timedelta(days=2), now - timedelta(days=1), 86400.0)]
        )
        start = datetime(now.year, now.month, 1, tzinfo=UTC)
        slot = SlotRow(
            hub=name, modem=IMEI, slot_s=DAY_S, start=start, rx_bytes=5000, csq_sum=34, csq_count=2, csq_min=15
        )
        upsert_slots(connection, [slot])

    await hub.hub.history.run(write)
    known_for = now - timedelta(days=4)
    hub.hub.states.update(IMEI, iccid="8970101972419598301", name="Садовая, 31", registered_at=known_for)
    links = (await hub.call("GET", "/api/v1/reports/links?days=10")).json()
    sims = (await hub.call("GET", "/api/v1/reports/sims")).json()

    Links.model_validate(links)
    Sims.model_validate(sims)
    [of_modem], [of_operator] = links["items"], links["operators"]
    assert (of_modem["modem_name"], of_modem["breaks"], of_operator["operator"]) == ("Садовая, 31", 1, "МТС")
    assert 0 < of_modem["availability"] < 1
    [sim] = sims["items"]
    assert sim["wire_bytes"] <= sim["forecast_bytes"]
    assert (sims["month"], sims["is_over"]) == (now.strftime("%Y-%m"), False)
    assert (await hub.call("GET", "/api/v1/reports/sims?month=2020-01")).json()["items"][0]["wire_bytes"] == 0


async def test_a_group_narrows_the_reports(hub: WholeHub) -> None:
    await hub.call("PATCH", f"/api/v1/modems/{IMEI}", {"group": "Север"})
    assert (await hub.call("GET", "/api/v1/reports/links?group=Север")).json()["total"] == 1
    assert (await hub.call("GET", "/api/v1/reports/links?group=Юг")).json()["total"] == 0


async def test_another_sim_card_is_noticed_at_the_next_call_and_told_once(hub: WholeHub) -> None:
    imei, states = "868441036775242", hub.hub.states
    options = ModemOptions(reconnect_s=(0.05, 0.05), command_delay_s=(0.0, 0.01), iccid="8970199972419598300F")
    assert hub.hub.fleet.modem_port is not None
    async with SimulatedModem("127.0.0.1", hub.hub.fleet.modem_port, imei, options) as modem:
        await hub.until(lambda: imei in states and states.get(imei).iccid is not None)
        first = states.get(imei).iccid
        modem.drop(redial_s=0.05)  # the same card dials again: no news
        await hub.until(lambda: modem.counts.answered == 2 and states.get(imei).confirmed)
        sent = await hub.call("POST", f"/api/v1/modems/{imei}/commands", {"command": "change_sim"}, "operator")
        assert sent.status == 202, sent.body
        await hub.until(lambda: states.get(imei).iccid not in (None, first))
        await hub.hub.journal.flush()
        found = (await hub.call("GET", f"/api/v1/events?modem={imei}&type=sim_changed")).json()["items"]
        second = states.get(imei).iccid
        assert [(event["data"]["previous"], event["data"]["iccid"], event["data"]["sim"]) for event in found] == [
            (first, second, 2)
        ]
        shown = (await hub.call("GET", f"/api/v1/modems/{imei}")).json()
        assert (shown["iccid"], shown["sim"]) == (second, 2)
        sims = (await hub.call("GET", "/api/v1/reports/sims")).json()["items"]
        assert second in [each["iccid"] for each in sims if each["modem"] == imei]
