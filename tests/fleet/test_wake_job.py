"""Many modems are woken as a job: each ends as its own wake did."""

from dataclasses import replace

from irzhub.config.settings import Settings
from irzhub.core.services import CallOutcome, VoiceCall
from irzhub.fleet.job_kind import JobItem
from irzhub.fleet.wake_job import wake_kind
from tests.fleet.conftest import IMEI
from tests.fleet.wake_rig import FIRST_SIM, QUICK, wake_rig


def item(modem: str = IMEI) -> JobItem:
    return JobItem(
        job="01K", position=0, modem=modem, args={}, attempt=1, is_repeat=False, origin="job:anna", expires_in_s=60.0
    )


async def test_a_job_wakes_modems_and_says_how_each_came(settings: Settings) -> None:
    async with wake_rig(settings, replace(QUICK, steps=("call",))) as rig:
        kind = wake_kind(rig.wakes, 8)
        await rig.add()
        failed = await kind.run(item())
        assert (failed.status, failed.error) == ("failed", "it did not dial in after call")

        async def call(_call: VoiceCall) -> CallOutcome:
            await rig.come()
            return CallOutcome(status="rang")

        rig.phone.on_call = call
        done = await kind.run(item())  # a person began it, so it does not wait after the failure
        assert (done.status, done.result["by"]) == ("done", "call")
        again = await kind.run(item())
        assert (again.status, again.result) == ("done", {"by": None, "took_s": None})
        assert (await kind.run(item("868441036779999"))).error == "no modem '868441036779999' is registered"
        assert rig.phone.asked == [f"call {FIRST_SIM}"] * 2
        assert rig.phone.origins == ["job:anna"] * 2


async def test_a_job_waits_for_no_link_and_for_no_return(settings: Settings) -> None:
    async with wake_rig(settings) as rig:
        kind = wake_kind(rig.wakes, 8)
        assert (kind.name, kind.concurrency) == ("wake", 8)
        assert (kind.needs_link({}), kind.reconnects({}), kind.is_dangerous({})) == (False, False, False)
