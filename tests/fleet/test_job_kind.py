import asyncio

from irzhub.fleet.job_kind import ItemResult, JobItem, JobKind


async def nothing(_item: JobItem) -> ItemResult:
    await asyncio.sleep(0)
    return ItemResult(status="done")


def test_a_kind_that_says_nothing_is_harmless_and_waits_for_its_modems() -> None:
    kind = JobKind(name="nothing", run=nothing)

    assert not kind.is_dangerous({"command": "anything"})
    assert kind.reconnects({})
    assert kind.needs_link({})
    kind.check({})
    assert kind.show({"text": "x"}) == {"text": "x"}


def test_an_attempt_has_a_name_of_its_own_and_arguments_are_not_shown() -> None:
    item = JobItem(
        job="01K",
        position=7,
        modem="868441036775234",
        args={"password": "hunter2"},
        attempt=2,
        is_repeat=False,
        origin="job:anna",
        expires_in_s=60.0,
    )

    assert item.key == "01K/7/2"
    assert "hunter2" not in repr(item)
