"""Jobs by REST: watched page by page, steered, approved by somebody else."""

from typing import Any

import pytest

from irzhub.web.models_jobs import Job, JobItemPage, JobPage
from tests.web.conftest import Hub
from tests.web.routes.test_commands import answer, come, ended, sent


async def begin(hub: Hub, count: int, command: str = "signal", *, token: str = "operator") -> Any:
    """Begin a command for `count` modems; return the job."""
    for number in range(count):
        if (modem := f"8684410367752{number:02}") not in hub.states:
            hub.add_modem(modem)
    wish = {"command": command, "target": {"filter": ""}}
    taken = await hub.call("POST", "/api/v1/commands", token, json=wish)
    assert taken.status == 202, taken.text
    return taken.json()


def path(job: Any, what: str = "") -> str:
    return f"/api/v1/jobs/{job['id']}{what and '/'}{what}"


async def test_a_job_is_watched_and_listed(hub: Hub) -> None:
    job = await begin(hub, 5)

    one = Job.model_validate((await hub.get(path(job), "viewer")).json())
    listed = JobPage.model_validate((await hub.get("/api/v1/jobs?kind=command&status=running")).json())
    page = (await hub.get(f"{path(job, 'items')}?limit=2")).json()
    rest = (await hub.get(f"{path(job, 'items')}?limit=9&cursor={page['next']}&status=pending")).json()

    assert (one.kind, one.status, one.total, one.ended, one.created_by) == ("command", "running", 5, 0, "operator")
    assert (one.target, one.args) == ({"filter": ""}, {"command": "signal", "args": {}})
    assert [each.id for each in listed.items] == [one.id]
    assert len(JobItemPage.model_validate(page).items) == 2
    assert [each["modem"] for each in page["items"] + rest["items"]] == [f"86844103677520{n}" for n in range(5)]
    assert rest["next"] is None


async def test_a_job_is_paused_resumed_cancelled_and_retried(hub: Hub) -> None:
    job = await begin(hub, 3)

    paused = await hub.call("POST", path(job, "pause"), "operator")
    for modem in tuple(hub.states):
        come(hub, modem.modem)
    assert hub.sent == []
    resumed = await hub.call("POST", path(job, "resume"), "operator")
    answer(hub, await sent(hub, 3))
    cancelled = await hub.call("POST", path(job, "cancel"), "operator")
    for command in hub.sent[:2]:
        answer(hub, command, "error", "refused")
    after = await ended(hub, path(job))
    retried = await hub.call("POST", path(job, "retry"), "operator")
    for count in (4, 5):
        answer(hub, await sent(hub, count))
    last = await ended(hub, path(job))

    assert (paused.json()["status"], resumed.json()["status"]) == ("paused", "running")
    assert cancelled.json()["status"] in ("cancelling", "cancelled")
    assert (after["status"], after["counts"]) == ("cancelled", {"done": 1, "failed": 2})
    assert (retried.json()["status"], last["counts"]) == ("running", {"done": 3})


async def test_a_dangerous_job_wants_a_second_person(hub: Hub) -> None:
    job = await begin(hub, 11, "standby", token="engineer")

    own = await hub.call("POST", path(job, "approve"), "engineer")
    operator = await hub.call("POST", path(job, "approve"), "operator")
    other = await hub.call("POST", path(job, "approve"), "admin")

    assert (job["status"], job["dangerous"], job["steps"]) == ("awaiting_approval", True, [5, 11])
    assert (own.status, own.json()["code"]) == (409, "conflict")
    assert operator.status == 403
    assert (other.status, other.json()["status"], other.json()["approved_by"]) == (200, "running", "admin")


@pytest.mark.parametrize("what", ["pause", "resume", "cancel", "retry", "approve", ""])
async def test_an_unknown_job_is_not_found(hub: Hub, what: str) -> None:
    where = path({"id": "01K00000000000000000000000"}, what)

    assert (await hub.call("POST" if what else "GET", where)).status == 404


async def test_an_action_that_does_not_fit_says_how_the_job_stands(hub: Hub) -> None:
    job = await begin(hub, 1)

    reply = await hub.call("POST", path(job, "resume"))

    assert (reply.status, reply.json()["detail"]) == (
        409,
        "resume: expected a job that is paused, stopped, this one is running",
    )


async def test_what_was_done_to_a_job_is_in_the_audit(hub: Hub) -> None:
    job = await begin(hub, 2)
    await hub.call("POST", path(job, "pause"), "operator")

    rows = (await hub.get("/api/v1/audit")).json()["items"]

    assert {row["action"] for row in rows} >= {"send_commands", "pause_job"}
