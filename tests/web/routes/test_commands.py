"""Commands by REST: taken, sent, read again, called off; one for many as a job."""

import asyncio
from typing import Any

import pytest

from irzhub.core.services import SMS_SEND, SmsMessage, SmsOutcome
from irzhub.relay.messages import CommandAnswered
from irzhub.relay.orders import SendCommand
from irzhub.web.models_commands import Command, CommandPage
from irzhub.web.models_jobs import Job
from tests.web.conftest import IMEI, Hub

COMMANDS = f"/api/v1/modems/{IMEI}/commands"


def come(hub: Hub, modem: str = IMEI) -> None:
    """The modem dials in."""
    hub.present.add(modem)
    hub.desks.orders.jobs.modem_returned(modem)
    hub.desks.orders.commands.modem_returned(modem)


async def sent(hub: Hub, count: int = 1) -> SendCommand:
    """Wait until the relay was given so many commands; return the last one."""
    async with asyncio.timeout(3):
        while len(hub.sent) < count:
            await asyncio.sleep(0.005)
    return hub.sent[count - 1]


def answer(hub: Hub, command: SendCommand, status: str = "ok", cause: str = "", **data: Any) -> None:
    error = None if status == "ok" else f"the modem refused: {cause}"
    message = CommandAnswered(
        request=command.request, modem=command.modem, status=status, data=data, error=error, cause=cause
    )
    hub.desks.orders.commands.answered(message)


async def ended(hub: Hub, where: str) -> Any:
    async with asyncio.timeout(3):
        while (record := (await hub.get(where)).json())["finished_at"] is None:
            await asyncio.sleep(0.01)
    return record


async def test_a_command_is_taken_at_once_and_read_again_when_the_modem_has_answered(hub: Hub) -> None:
    hub.add_modem()
    come(hub)

    taken = await hub.call("POST", COMMANDS, "operator", json={"command": "signal"})
    where = taken.headers["Location"]
    command = await sent(hub)
    before = (await hub.get(where, "viewer")).json()
    answer(hub, command, csq=21, rssi_dbm=-71)
    after = await ended(hub, where)

    assert taken.status == 202
    assert where == f"/api/v1/commands/{taken.json()['id']}"
    assert Command.model_validate(taken.json()).status == "sent"
    assert before == taken.json()
    assert (after["status"], after["result"], after["error"]) == ("done", {"csq": 21, "rssi_dbm": -71}, None)
    assert (after["attempts"], after["origin"], after["priority"]) == (1, "rest:operator", "manual")


async def test_a_command_for_an_absent_modem_waits_and_is_in_its_history(hub: Hub) -> None:
    hub.add_modem()
    wish = {"command": "set_output", "args": {"output": 4, "on": True}, "expires_in": 3600}

    taken = (await hub.call("POST", COMMANDS, "operator", json=wish)).json()
    assert taken["status"] == "queued"
    assert hub.sent == []
    come(hub)
    command = await sent(hub)
    answer(hub, command, text="OK")
    await ended(hub, f"/api/v1/commands/{taken['id']}")

    assert (command.modem, command.command, command.args) == (IMEI, "set_output", {"output": 4, "on": True})
    page = (await hub.get(COMMANDS, "viewer")).json()
    assert CommandPage.model_validate(page).items[0].id == taken["id"]
    assert [each["status"] for each in page["items"]] == ["done"]


async def test_a_refusal_of_the_modem_is_told(hub: Hub) -> None:
    hub.add_modem()
    come(hub)

    taken = await hub.call("POST", COMMANDS, json={"command": "set_output", "args": {"output": 1, "on": True}})
    answer(hub, await sent(hub), "error", "refused", text="ERROR")
    after = await ended(hub, taken.headers["Location"])

    assert (after["status"], after["result"], after["error"]) == ("failed", None, "the modem refused: refused")


async def test_a_waiting_command_can_be_called_off_and_one_under_way_cannot(hub: Hub) -> None:
    hub.add_modem()
    waiting = (await hub.call("POST", COMMANDS, json={"command": "signal"})).json()["id"]

    cancelled = await hub.call("POST", f"/api/v1/commands/{waiting}/cancel", "operator")
    again = await hub.call("POST", f"/api/v1/commands/{waiting}/cancel", "operator")
    come(hub)
    under_way = (await hub.call("POST", COMMANDS, json={"command": "signal"})).json()["id"]
    late = await hub.call("POST", f"/api/v1/commands/{under_way}/cancel", "operator")

    assert (cancelled.status, cancelled.json()["status"]) == (200, "cancelled")
    assert (again.status, late.status) == (409, 409)
    assert "this one is cancelled" in again.json()["detail"]
    assert len(hub.sent) == 1


async def test_raw_bytes_are_for_engineers(hub: Hub) -> None:
    hub.add_modem()
    wish = {"command": "raw", "args": {"hex": "40010d"}}

    operator = await hub.call("POST", COMMANDS, "operator", json=wish)
    engineer = await hub.call("POST", COMMANDS, "engineer", json=wish)
    bulk = await hub.call("POST", "/api/v1/commands", "operator", json={**wish, "target": {"modems": [IMEI]}})

    assert (operator.status, engineer.status, bulk.status) == (403, 202, 403)
    assert "raw" in operator.json()["detail"]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({}, "command"),
        ({"command": "format_disk"}, "command"),
        ({"command": ["signal"]}, "command"),
        ({"command": "signal", "args": []}, "args"),
        ({"command": "signal", "args": {str(n): n for n in range(17)}}, "args"),
        ({"command": "signal", "expires_in": 0}, "expires_in"),
        ({"command": "signal", "expires_in": "60"}, "expires_in"),
        ({"command": "signal", "expires_in": 1e10}, "expires_in"),
        ({"command": "signal", "origin": "hub"}, "origin"),
        ({"command": "signal", "via": "pigeon"}, "via"),
    ],
)
async def test_a_wrong_command_names_its_field(hub: Hub, wish: Any, field: str) -> None:
    hub.add_modem()

    reply = await hub.call("POST", COMMANDS, json=wish)

    assert reply.status == 422
    assert [each["field"] for each in reply.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("wish", "detail"),
    [
        ({"command": "set_output", "args": {"output": 9, "on": True}}, "expected output 1..8, got 9"),
        ({"command": "reboot"}, "not confirmed by the vendor, so the template reboot is off (docs/commands.md)"),
        ({"command": "signal", "via": "sms", "phone": "+79211234567"}, "for SMS, got 'signal'"),
        ({"command": "reboot", "via": "sms"}, "phone: expected the number of the modem's SIM card"),
    ],
)
async def test_what_cannot_be_sent_is_refused_at_once(hub: Hub, wish: Any, detail: str) -> None:
    hub.add_modem()

    reply = await hub.call("POST", COMMANDS, json=wish)

    assert (reply.status, reply.json()["code"]) == (422, "command_refused")
    assert detail in reply.json()["detail"]
    assert (await hub.get("/api/v1/commands")).json()["items"] == []


async def test_an_absent_modem_is_reached_by_sms_where_the_operator_says_so(hub: Hub) -> None:
    hub.add_modem()
    messages: list[SmsMessage] = []

    async def send(message: SmsMessage) -> SmsOutcome:
        messages.append(message)
        return SmsOutcome(status="sent")

    wish = {"command": "set_output", "args": {"output": 4, "on": True}, "via": "sms", "phone": "+79211234567"}
    without = await hub.call("POST", COMMANDS, json=wish)
    refused = await ended(hub, without.headers["Location"])
    hub.services.register(SMS_SEND, send)
    taken = await hub.call("POST", COMMANDS, json=wish)
    done = await ended(hub, taken.headers["Location"])

    assert refused["error"] == "the SMS was not sent: nobody offers the service sms.send"
    assert (done["status"], done["result"], done["via"]) == ("done", {"sms": "sent"}, "sms")
    assert [(each.to, each.text, each.modem) for each in messages] == [("+79211234567", "5492 gpio4 set=1", IMEI)]
    assert hub.sent == []


async def test_nobody_is_sent_commands_who_is_not_registered(hub: Hub) -> None:
    assert (await hub.call("POST", COMMANDS, json={"command": "signal"})).status == 404


async def test_an_unknown_command_is_not_found(hub: Hub) -> None:
    for path in ("/api/v1/commands/01K00000000000000000000000", "/api/v1/commands/nonsense"):
        assert (await hub.get(path)).status == 404


async def test_commands_are_listed_page_by_page_and_filtered(hub: Hub) -> None:
    other = "868441036775242"
    hub.add_modem()
    hub.add_modem(other)
    ids = []
    for modem, command in [(IMEI, "signal"), (other, "signal"), (IMEI, "pins"), (IMEI, "cell"), (other, "pins")]:
        reply = await hub.call("POST", f"/api/v1/modems/{modem}/commands", json={"command": command})
        ids.append(reply.json()["id"])
        await asyncio.sleep(0.002)  # an id grows with each millisecond

    first = (await hub.get("/api/v1/commands?limit=3")).json()
    second = (await hub.get(f"/api/v1/commands?limit=3&cursor={first['next']}")).json()
    filtered = (await hub.get(f"/api/v1/commands?modem={IMEI}&command=signal&status=queued")).json()

    assert [each["id"] for each in first["items"] + second["items"]] == ids[::-1]
    assert second["next"] is None
    assert [each["id"] for each in filtered["items"]] == [ids[0]]
    assert (await hub.get("/api/v1/commands?status=nonsense")).status == 400


async def test_a_command_for_many_is_a_job_with_a_result_for_each(hub: Hub) -> None:
    for number in range(6):
        modem = f"86844103677520{number}"
        hub.add_modem(modem, group="Север/Котельные" if number < 4 else "Юг")
        come(hub, modem)

    wish = {"command": "signal", "target": {"group": "Север"}}
    taken = await hub.call("POST", "/api/v1/commands", "operator", json=wish)
    where = taken.headers["Location"]
    for count in range(1, 5):
        answer(hub, await sent(hub, count), csq=count)
    job = await ended(hub, where)

    assert (taken.status, where) == (202, f"/api/v1/jobs/{taken.json()['id']}")
    assert Job.model_validate(job).counts == {"done": 4}
    items = (await hub.get(f"{where}/items", "viewer")).json()["items"]
    assert [(each["modem"][-1], each["status"], each["result"]["csq"]) for each in items] == [
        (str(number), "done", number + 1) for number in range(4)
    ]
    history = (await hub.get("/api/v1/commands?command=signal")).json()["items"]
    assert {(each["origin"], each["priority"]) for each in history} == {("job:operator", "background")}


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"command": "signal", "target": {"filter": "name:nobody"}}, 422, "no_target"),
        ({"command": "signal", "target": {"group": "nowhere"}}, 422, "no_target"),
        ({"command": "signal", "target": {"modems": ["868441036775299"]}}, 422, "no_target"),
        ({"command": "signal", "target": {}}, 422, "invalid_value"),
        ({"command": "signal", "target": {"filter": "nonsense:x"}}, 400, "invalid_query"),
        ({"command": "pulse", "args": {"output": 1}, "target": {"filter": ""}}, 422, "job_refused"),
    ],
)
async def test_a_command_for_nobody_is_refused(hub: Hub, wish: Any, status: int, code: str) -> None:
    hub.add_modem()

    reply = await hub.call("POST", "/api/v1/commands", json=wish)

    assert (reply.status, reply.json()["code"]) == (status, code)
