"""Up the ladder: the budget before each step, the cost before it is made, and no wait where nothing was done."""

from dataclasses import replace

from irzhub.config.settings import Settings
from irzhub.config.wake import WakeSettings
from irzhub.core.services import CallOutcome, VoiceCall
from tests.fleet.conftest import IMEI
from tests.fleet.wake_rig import QUICK, SECOND_SIM, wake_rig


async def test_the_cost_is_stored_before_the_call_is_made(settings: Settings) -> None:
    async with wake_rig(settings) as rig:
        await rig.add()
        costs: list[int] = []

        async def call(_call: VoiceCall) -> CallOutcome:
            costs.extend(row.calls for row in await rig.rows())
            return CallOutcome(status="rang")

        rig.phone.on_call = call
        rig.wakes.begin(IMEI, "rest:anna")
        await rig.ended()
        assert costs == [1]


async def test_a_step_without_budget_is_passed_over(settings: Settings) -> None:
    ladder = replace(QUICK, steps=("call", "call2", "sms"), calls_per_day=1)
    async with wake_rig(settings, ladder) as rig:
        await rig.add(phone_sim2=SECOND_SIM)
        rig.wakes.begin(IMEI, "rest:anna")
        await rig.ended()
        assert [each.split()[0] for each in rig.phone.asked] == ["call", "sms"]
        [row] = await rig.rows()
        assert [bool(step["error"]) for step in row.steps] == [False, True, False]


async def test_a_modem_that_comes_late_in_a_step_ends_it(settings: Settings) -> None:
    async with wake_rig(settings, replace(QUICK, after_call_s=60.0)) as rig:
        await rig.add()
        wake = rig.wakes.begin(IMEI, "rest:anna")
        await rig.until(lambda: wake.climb.is_waiting)
        await rig.come(woken_by="Mon 08:00")
        assert (await wake.done).by == "call"
        assert rig.phone.texts == []


async def test_a_fault_of_ours_is_told_to_who_waits(settings: Settings) -> None:
    async with wake_rig(settings) as rig:
        await rig.add()

        async def call(_call: VoiceCall) -> CallOutcome:
            raise ZeroDivisionError

        rig.phone.on_call = call
        wake = rig.wakes.begin(IMEI, "rest:anna")
        assert (await wake.done).error == "the hub failed; its log says how"
        assert rig.given_up == [IMEI]


async def test_who_waits_too_long_in_the_queue_costs_nothing(settings: Settings) -> None:
    async with wake_rig(settings, wake=WakeSettings(at_once=1)) as rig:
        await rig.add()
        other = "868441036775242"
        await rig.add(other, phone_sim1=SECOND_SIM)
        rig.wakes.begin(IMEI, "rule:a")
        late = rig.wakes.begin(other, "rule:b", 0.0)
        assert (await late.done).error == "nobody waits for it any more"
        assert all(SECOND_SIM not in each for each in rig.phone.asked)
        assert await rig.rows(other) == []
