from pathlib import Path
from typing import Any

from irzhub.alerts.messages import Message
from tests.web.routes.alert_rig import ALERTS, with_a_door
from tests.web.routes.whole_hub import IMEI, WholeHub

STEPS = [{"targets": ["anna"], "wait_s": 600}, {"targets": ["boris"], "wait_s": 600}]


async def escalate(whole: WholeHub) -> tuple[int, str]:
    """Pass alert 1 on; return the status, and the code where it was refused."""
    answer = await whole.call("POST", f"{ALERTS}/1/escalate", {}, token="operator")
    return answer.status, answer.json().get("code", "")


async def told_with_a_ladder(whole: WholeHub) -> None:
    """Anna and Boris stand on a ladder, and alert 1 begins to climb it."""
    for name in ("anna", "boris"):
        made = {"addresses": [{"channel": "sms", "address": "+79211234567"}]}
        await whole.call("PUT", f"/api/v1/contacts/{name}", made)
    assert (await whole.call("PUT", "/api/v1/ladders/night", {"steps": STEPS})).status == 201
    now = whole.hub.clock.now()
    message = Message(
        rule="r", subject=IMEI, event_id="e1", ts=now, text="дверь", targets=("night",), incident=1, modem=IMEI
    )
    await whole.hub.alerts.outbox.tell(message)
    await whole.until(lambda: whole.hub.alerts.outreach.escalations.is_climbing(1))


async def timeline(whole: WholeHub) -> list[tuple[str, str, str]]:
    """Return what was done about alert 1, without its beginning."""
    one: dict[str, Any] = (await whole.call("GET", f"{ALERTS}/1")).json()
    return [(each["by"], each["change"], each["note"]) for each in one["timeline"][1:]]


async def test_without_a_ladder_it_is_said_that_nobody_would_be_told(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        refused = await whole.call("POST", f"{ALERTS}/1/escalate", {}, token="operator")

        assert (refused.status, refused.json()["code"]) == (409, "no_ladder")
        assert "name one as recipient" in refused.json()["detail"]
        assert await timeline(whole) == []


async def test_the_next_step_of_a_ladder_is_climbed_at_once(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        await told_with_a_ladder(whole)

        assert await escalate(whole) == (200, "")
        while ("hub", "escalated", "anna") not in await timeline(whole):
            pass
        assert ("operator", "escalated", "") in await timeline(whole)


async def test_a_ladder_that_stands_is_not_climbed(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        await told_with_a_ladder(whole)
        await whole.call("POST", f"{ALERTS}/1/silence", {"for_s": "2h"}, token="operator")
        assert await escalate(whole) == (409, "silenced")

        await whole.call("POST", f"{ALERTS}/1/silence", {}, token="operator")
        await whole.call("POST", f"{ALERTS}/1/acknowledge", {}, token="operator")
        await whole.until(lambda: not whole.hub.alerts.outreach.escalations.runs)
        while (refused := await escalate(whole)) == (409, "no_ladder"):
            pass  # the ladder is on its way to the disk
        assert refused == (409, "ladder_stands")


async def test_a_ladder_that_has_told_its_last_step_is_over(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as whole:
        await told_with_a_ladder(whole)
        for target in ("anna", "boris"):
            assert await escalate(whole) == (200, "")
            while ("hub", "escalated", target) not in await timeline(whole):
                pass

        assert not whole.hub.alerts.outreach.escalations.is_climbing(1)
        assert await escalate(whole) == (409, "ladder_ended")
