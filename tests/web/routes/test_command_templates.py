"""The forms of text commands: seen by all, changed by engineers, used by the next command."""

from irzhub.web.models_commands import TemplateList
from tests.web.conftest import IMEI, Hub
from tests.web.routes.test_commands import COMMANDS, come, sent

TEMPLATES = "/api/v1/command_templates"


async def test_every_template_says_how_sure_it_is(hub: Hub) -> None:
    found = TemplateList.model_validate((await hub.get(TEMPLATES, "viewer")).json()).items

    by_name = {each.name: each for each in found}
    assert (by_name["set_output"].confidence, by_name["set_output"].enabled) == ("seen", True)
    assert (by_name["change_sim"].confidence, by_name["change_sim"].enabled) == ("listed", True)
    assert (by_name["pulse"].confidence, by_name["pulse"].enabled) == ("guess", False)
    assert by_name["pulse"].places == ["on", "output"]


async def test_a_guess_is_sent_once_an_engineer_has_turned_it_on(hub: Hub) -> None:
    hub.add_modem()
    come(hub)
    refused = await hub.call("POST", COMMANDS, json={"command": "reboot"})

    changed = await hub.call("PATCH", f"{TEMPLATES}/reboot", "engineer", json={"text": "$restart", "enabled": True})
    taken = await hub.call("POST", COMMANDS, json={"command": "reboot"})

    assert (refused.status, changed.status, taken.status) == (422, 200, 202)
    assert (changed.json()["text"], changed.json()["changed_by"]) == ("$restart", "engineer")
    assert ((await sent(hub)).command, hub.sent[0].form) == ("reboot", "$restart")


async def test_a_change_outlives_the_hub_and_can_be_undone(hub: Hub) -> None:
    await hub.call("PATCH", f"{TEMPLATES}/pulse", json={"enabled": True})
    await hub.desks.orders.templates.load()
    kept = (await hub.get(f"{TEMPLATES}/pulse")).json()

    reset = (await hub.call("DELETE", f"{TEMPLATES}/pulse")).json()

    assert (kept["enabled"], kept["text"]) == (True, "$gp{output}={on}")
    assert (reset["enabled"], reset["changed_by"], reset["changed_at"]) == (False, None, None)


async def test_what_is_no_template_is_refused(hub: Hub) -> None:
    wrong = await hub.call("PATCH", f"{TEMPLATES}/pulse", json={"text": "$gp{output.__class__}"})

    assert (wrong.status, wrong.json()["errors"][0]["field"]) == (422, "text")
    assert (await hub.call("PATCH", f"{TEMPLATES}/nonsense", json={"enabled": True})).status == 404
    assert (await hub.call("PATCH", f"{TEMPLATES}/pulse", "operator", json={"enabled": True})).status == 403
    assert IMEI not in str(hub.sent)
