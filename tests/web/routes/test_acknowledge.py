"""Links that acknowledge, on a whole hub: looking changes nothing, the button takes it, a bad link leads nowhere."""

from datetime import UTC, datetime
from pathlib import Path

from irzhub.core.events import AlertChanged
from tests.web.routes.whole_hub import whole_hub


async def test_a_link_shows_the_incident_and_its_button_takes_it(tmp_path: Path) -> None:
    async with whole_hub(tmp_path) as whole:
        alerts, now = whole.hub.alerts, datetime.now(UTC)
        row = alerts.incidents.book.bad("hub_part", "hub/broker", now, facts={"state": "down", "detail": "x"})
        alerts.incidents.commit()
        changed: list[AlertChanged] = []
        whole.hub.bus.subscribe(AlertChanged, changed.append)
        url = f"/ack/{alerts.outreach.links.make(row.number, 'anna', now, 3600)}"

        page = await whole.call("GET", url)
        assert (page.status, b"<button>" in page.body) == (200, True)
        assert not alerts.incidents.is_acknowledged(row.number), "a mail scanner that looks at links takes nothing"

        taken = await whole.call("POST", url)
        assert (taken.status, b"anna" in taken.body) == (200, True)
        await whole.until(lambda: bool(changed))
        assert [(each.alert, each.change, each.by) for each in changed] == [(row.number, "acknowledged", "anna")]
        assert b"<button>" not in (await whole.call("GET", url)).body

        forged = url[:-2] + ("AA" if url[-2:] != "AA" else "BB")
        old = f"/ack/{alerts.outreach.links.make(row.number, 'anna', now, -1)}"
        gone = f"/ack/{alerts.outreach.links.make(999, 'anna', now, 3600)}"
        statuses = [(await whole.call(method, each)).status for each in (forged, old) for method in ("GET", "POST")]
        assert statuses == [404] * 4
        assert (await whole.call("POST", gone)).status == 410
