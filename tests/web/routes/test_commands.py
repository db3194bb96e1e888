"""Commands by REST: taken, carried out, read again."""

import asyncio
from typing import Any

import pytest

from irzhub.core.services import MODEM_COMMAND, CommandOutcome, ModemCommand
from irzhub.web.models import Command
from tests.web.conftest import IMEI, Hub

COMMANDS = f"/api/v1/modems/{IMEI}/commands"


class Desk:
    """Stands where the fleet stands: keeps what it is asked until the test gives the outcome."""

    def __init__(self, hub: Hub) -> None:
        self.asked: list[ModemCommand] = []
        self.outcome: asyncio.Future[CommandOutcome] = asyncio.get_running_loop().create_future()
        hub.services.register(MODEM_COMMAND, self.run)

    async def run(self, command: ModemCommand) -> CommandOutcome:
        self.asked.append(command)
        return await self.outcome


async def ended(hub: Hub, where: str) -> Any:
    async with asyncio.timeout(2):
        while (record := (await hub.get(where)).json())["status"] == "queued":
            await asyncio.sleep(0.01)
    return record


async def test_a_command_is_taken_at_once_and_read_again_when_the_modem_has_answered(hub: Hub) -> None:
    hub.add_modem()
    desk = Desk(hub)

    taken = await hub.call("POST", COMMANDS, "operator", json={"command": "signal"})
    where = taken.headers["Location"]
    before = (await hub.get(where, "viewer")).json()
    desk.outcome.set_result(CommandOutcome(status="ok", data={"csq": 21, "rssi_dbm": -71}))
    after = await ended(hub, where)

    assert taken.status == 202
    assert where == f"/api/v1/commands/{taken.json()['id']}"
    assert Command.model_validate(taken.json()).status == "queued"
    assert before == taken.json()
    assert (after["status"], after["result"], after["error"]) == ("done", {"csq": 21, "rssi_dbm": -71}, None)
    assert after["finished_at"] is not None


async def test_the_fleet_learns_who_asked_what_and_until_when(hub: Hub) -> None:
    hub.add_modem()
    desk = Desk(hub)
    wish = {"command": "set_output", "args": {"output": 4, "on": True}, "expires_in": 3600}

    taken = (await hub.call("POST", COMMANDS, "operator", json=wish)).json()
    while not desk.asked:
        await asyncio.sleep(0.01)

    (command,) = desk.asked
    assert (command.modem, command.command, command.origin) == (IMEI, "set_output", "rest:operator")
    assert command.args == {"output": 4, "on": True}
    assert (command.expires_at - hub.server._clock.now()).total_seconds() == pytest.approx(3600, abs=5)
    assert taken["expires_at"] > taken["created_at"]


@pytest.mark.parametrize(
    ("outcome", "status", "error"),
    [
        (CommandOutcome(status="error", error="the modem refused"), "failed", "the modem refused"),
        (CommandOutcome(status="expired", error="the modem did not come"), "expired", "the modem did not come"),
    ],
)
async def test_a_command_that_came_to_nothing_says_why(
    hub: Hub, outcome: CommandOutcome, status: str, error: str
) -> None:
    hub.add_modem()
    Desk(hub).outcome.set_result(outcome)

    taken = await hub.call("POST", COMMANDS, json={"command": "reboot"})
    after = await ended(hub, taken.headers["Location"])

    assert (after["status"], after["result"], after["error"]) == (status, None, error)


async def test_a_fault_of_the_hub_ends_the_command_too(hub: Hub) -> None:
    hub.add_modem()
    Desk(hub).outcome.set_exception(ValueError("secret"))

    taken = await hub.call("POST", COMMANDS, json={"command": "reboot"})
    after = await ended(hub, taken.headers["Location"])

    assert (after["status"], after["error"]) == ("failed", "the hub could not carry out the command")


async def test_raw_bytes_are_for_engineers(hub: Hub) -> None:
    hub.add_modem()
    desk = Desk(hub)
    desk.outcome.set_result(CommandOutcome(status="ok"))
    wish = {"command": "raw", "args": {"hex": "40010d"}}

    operator = await hub.call("POST", COMMANDS, "operator", json=wish)
    engineer = await hub.call("POST", COMMANDS, "engineer", json=wish)

    assert (operator.status, engineer.status) == (403, 202)
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
    ],
)
async def test_a_wrong_command_names_its_field(hub: Hub, wish: Any, field: str) -> None:
    hub.add_modem()
    desk = Desk(hub)

    reply = await hub.call("POST", COMMANDS, json=wish)

    assert reply.status == 422
    assert [each["field"] for each in reply.json()["errors"]] == [field]
    assert desk.asked == []


async def test_nobody_is_sent_commands_who_is_not_registered(hub: Hub) -> None:
    Desk(hub)

    assert (await hub.call("POST", COMMANDS, json={"command": "signal"})).status == 404


async def test_without_a_fleet_commands_are_not_taken(hub: Hub) -> None:
    hub.add_modem()

    reply = await hub.call("POST", COMMANDS, json={"command": "signal"})

    assert (reply.status, reply.headers["Retry-After"]) == (503, "5")


async def test_an_unknown_command_is_not_found(hub: Hub) -> None:
    assert (await hub.get("/api/v1/commands/01ARZ3NDEKTSV4RRFFQ69G5FAV")).json()["code"] == "unknown_command"
