"""A modem is woken: by whom, when not, never twice, what it costs, and what is remembered of it."""

import asyncio
from dataclasses import replace

import pytest

from irzhub.config.settings import Settings
from irzhub.config.wake import WakeLadder, WakeSettings
from irzhub.core.exceptions import UnknownModem
from irzhub.core.services import CallOutcome, SmsOutcome, VoiceCall, WakeModem, WakeOutcome
from irzhub.fleet.wake_plan import WakeRefused
from tests.fleet.conftest import IMEI
from tests.fleet.wake_rig import FIRST_SIM, QUICK, SECOND_SIM, WakeRig, wake_rig

OTHER = "868441036775242"
ONLY_CALL = replace(QUICK, steps=("call",))


def comes_when_called(rig: WakeRig) -> None:
    async def call(_call: VoiceCall) -> CallOutcome:
        await rig.come()
        return CallOutcome(status="rang")

    rig.phone.on_call = call


def never_answers(rig: WakeRig) -> asyncio.Event:
    """Have calls take until the event is set."""
    over = asyncio.Event()

    async def call(_call: VoiceCall) -> CallOutcome:
        await over.wait()
        return CallOutcome(status="no_answer")

    rig.phone.on_call = call
    return over


async def test_a_waiting_program_has_the_modem_called_and_that_is_told_and_remembered(settings: Settings) -> None:
    async with wake_rig(settings) as rig:
        await rig.add()
        comes_when_called(rig)
        rig.program_waits()
        await rig.ended()

        assert rig.phone.asked == [f"call {FIRST_SIM}"]
        assert rig.phone.origins == ["client"]
        assert await rig.told() == ["wake_started", "connected", "wake_succeeded"]
        [row] = await rig.rows()
        assert (row.status, row.by, row.reason, row.calls, row.sms) == ("online", "call", "client", 1, 0)
        assert row.took_s is not None
        assert 0 <= row.took_s < 5
        assert rig.given_up == []
        started, connected, succeeded = [
            event for event in await rig.desk.events() if event["type"].startswith(("wake", "connected"))
        ]
        assert started["steps"] == ["call", "sms"]
        assert connected["woken_by"] == "call"
        assert (succeeded["by"], succeeded["took_s"]) == ("call", row.took_s)


async def test_the_ladder_goes_on_to_the_sms_and_the_second_number(settings: Settings) -> None:
    ladder = replace(QUICK, steps=("call", "sms", "call2", "sms2"))
    async with wake_rig(settings, ladder, WakeSettings(address="hub.example.ru:5009")) as rig:
        await rig.add(phone_sim2=SECOND_SIM)
        outcome = await rig.wakes.run(WakeModem(modem=IMEI, reason="rule:night"))

        assert rig.phone.asked == [f"call {FIRST_SIM}", f"sms {FIRST_SIM}", f"call {SECOND_SIM}", f"sms {SECOND_SIM}"]
        assert rig.phone.texts == ["5492 IPhub.example.ru:5009TIME60IRZ,ENC"] * 2
        assert outcome == WakeOutcome(status="failed", error="it did not dial in after call, sms, call2, sms2")
        assert await rig.told() == ["wake_started", "wake_failed"]
        assert rig.given_up == [IMEI]
        [row] = await rig.rows()
        assert [step["step"] for step in row.steps] == ["call", "sms", "call2", "sms2"]
        assert (row.status, row.calls, row.sms, row.by, row.took_s) == ("failed", 2, 2, None, None)


async def test_a_step_that_cannot_be_taken_is_skipped_at_once(settings: Settings) -> None:
    async with wake_rig(settings, replace(QUICK, after_call_s=60.0)) as rig:
        await rig.add()

        async def busy(_call: VoiceCall) -> CallOutcome:
            return CallOutcome(status="failed", error="no network")

        rig.phone.on_call = busy

        async def sends(_message: object) -> SmsOutcome:
            await rig.come(woken_by="sms")
            return SmsOutcome(status="sent")

        rig.phone.on_sms = sends
        outcome = await rig.wakes.run(WakeModem(modem=IMEI))
        assert (outcome.status, outcome.by) == ("online", "sms")
        [row] = await rig.rows()
        assert [(step["step"], step["error"]) for step in row.steps] == [("call", "no network")]


async def test_a_modem_is_never_woken_twice_at_once(settings: Settings) -> None:
    async with wake_rig(settings, ONLY_CALL) as rig:
        await rig.add()
        never_answers(rig)
        asking = [asyncio.ensure_future(rig.wakes.run(WakeModem(modem=IMEI, reason=f"rule:{n}"))) for n in range(3)]  # noqa: TID251 - a test asks three times at once
        rig.program_waits()
        await rig.until(lambda: rig.phone.asked != [])
        assert rig.wakes.begin(IMEI, "rest:anna") is rig.wakes.current(IMEI)
        await rig.come()

        outcomes = await asyncio.gather(*asking)
        assert rig.phone.asked == [f"call {FIRST_SIM}"]
        assert [(each.status, each.by) for each in outcomes] == [("online", "call")] * 3
        assert len(await rig.rows()) == 1


async def test_two_channels_of_one_modem_are_called_one_after_the_other(settings: Settings) -> None:
    async with wake_rig(settings, ONLY_CALL) as rig:
        channel = f"{IMEI}_2"
        await rig.add()
        await rig.add(channel)
        never_answers(rig)
        rig.program_waits()
        rig.program_waits(channel)
        await rig.until(lambda: rig.phone.asked != [])
        await rig.come()
        await rig.come(channel)  # the same call brings both connections in
        await rig.ended(channel)

        assert rig.phone.asked == [f"call {FIRST_SIM}"]
        assert await rig.rows(channel) == []


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"phone_sim1": ""}, "the number of its SIM card is not known"),
        ({"phone_sim1": "112"}, "none of those that may be called"),
        ({"phone_sim1": "+38050123456"}, "none of those that may be called"),
    ],
    ids=["no number", "emergency", "foreign"],
)
async def test_who_cannot_be_called_is_refused_and_its_programs_closed(
    settings: Settings, row: dict[str, str], why: str
) -> None:
    async with wake_rig(settings, wake=WakeSettings(numbers=("+7",))) as rig:
        await rig.add(**row)
        rig.program_waits()

        assert rig.given_up == [IMEI]
        with pytest.raises(WakeRefused, match=why):
            rig.wakes.begin(IMEI, "rest:anna")
        assert why in str(rig.wakes.why_not(IMEI))
        assert rig.phone.asked == []
        assert await rig.told() == []


async def test_without_a_gsm_modem_nobody_is_woken(settings: Settings) -> None:
    async with wake_rig(settings, has_phone=False) as rig:
        await rig.add()
        outcome = await rig.wakes.run(WakeModem(modem=IMEI))
        rig.program_waits()

        assert outcome.status == "refused"
        assert "set up a GSM modem" in str(outcome.error)
        assert rig.given_up == [IMEI]


async def test_only_what_somebody_offers_is_tried(settings: Settings) -> None:
    async with wake_rig(settings) as rig:
        await rig.add()
        rig.withdraw[0]()  # nobody makes calls any more
        await rig.wakes.run(WakeModem(modem=IMEI))
        assert rig.phone.asked == [f"sms {FIRST_SIM}"]


async def test_who_is_online_is_not_woken(settings: Settings) -> None:
    async with wake_rig(settings) as rig:
        await rig.add()
        await rig.come()
        rig.program_waits()

        assert await rig.wakes.run(WakeModem(modem=IMEI)) == WakeOutcome(status="online")
        with pytest.raises(WakeRefused, match="it is online"):
            rig.wakes.begin(IMEI, "rest:anna")
        rig.desk.states.update(IMEI, confirmed=False)
        assert (await rig.wakes.run(WakeModem(modem=IMEI))).error == "it was online before the restart, and is awaited"
        assert rig.given_up == []
        assert rig.phone.asked == []


async def test_a_modem_that_is_not_back_after_a_restart_is_called_for_who_waits(settings: Settings) -> None:
    async with wake_rig(settings) as rig:
        await rig.add()
        await rig.add(OTHER)
        for modem in (IMEI, OTHER):
            rig.desk.states.update(modem, link="online", confirmed=False)
            rig.program_waits(modem)
        rig.desk.states.update(IMEI, csq=5)
        assert rig.phone.asked == []
        await rig.come(OTHER)
        comes_when_called(rig)
        rig.desk.states.update(IMEI, link="offline", confirmed=True)
        await rig.ended()
        assert rig.phone.asked == [f"call {FIRST_SIM}"]
        assert rig.desk.states.get(IMEI).link == "online"
        await rig.sleep()
        await asyncio.sleep(0.01)
        assert rig.wakes.current(IMEI) is None, "nobody waits any more"


async def test_unknown_modems_are_no_matter_of_waking(settings: Settings) -> None:
    async with wake_rig(settings) as rig:
        rig.program_waits(OTHER)
        assert (await rig.wakes.run(WakeModem(modem=OTHER))).status == "refused"
        with pytest.raises(UnknownModem):
            rig.wakes.begin(OTHER, "rest:anna")


async def test_after_a_wake_in_vain_the_hub_pauses_and_people_need_not(settings: Settings) -> None:
    async with wake_rig(settings, ONLY_CALL, WakeSettings(pause_s=300.0)) as rig:
        await rig.add()
        await rig.wakes.run(WakeModem(modem=IMEI))
        rig.program_waits()
        assert rig.given_up == [IMEI, IMEI]
        assert rig.phone.asked == [f"call {FIRST_SIM}"]
        outcome = await rig.wakes.run(WakeModem(modem=IMEI, reason="rule:night"))
        assert "by itself the hub tries again at" in str(outcome.error)

        comes_when_called(rig)
        assert (await rig.wakes.run(WakeModem(modem=IMEI, reason="rest:anna"))).status == "online"
        assert rig.wakes.resumes_at(IMEI) is None


async def test_the_day_s_budget_is_kept_over_a_restart(settings: Settings) -> None:
    ladder, wake = replace(QUICK, calls_per_day=1, sms_per_day=0), WakeSettings(pause_s=0.0)
    async with wake_rig(settings, ladder, wake) as rig:
        await rig.add()
        await rig.wakes.run(WakeModem(modem=IMEI))
        assert rig.phone.asked == [f"call {FIRST_SIM}"]
        [row] = await rig.rows()
        assert row.steps[1]["error"] == "0 SMS to it were made today, no more are allowed"
    async with wake_rig(settings, ladder, wake) as again:
        outcome = await again.wakes.run(WakeModem(modem=IMEI, reason="rest:anna"))
        assert outcome == WakeOutcome(status="refused", error="1 calls to it were made today, no more are allowed")
        assert again.phone.asked == []


async def test_so_many_at_once_and_people_go_first(settings: Settings) -> None:
    async with wake_rig(settings, ONLY_CALL, WakeSettings(at_once=1)) as rig:
        modems = [f"8684410367752{number}" for number in (10, 11, 12)]
        for number, modem in enumerate(modems):
            await rig.add(modem, phone_sim1=f"+7921000010{number}")
        over = never_answers(rig)
        for modem, reason in zip(modems, ("rule:a", "rule:b", "rest:anna"), strict=True):
            rig.wakes.begin(modem, reason)
        await rig.until(lambda: rig.phone.asked != [])
        assert rig.phone.asked == ["call +79210000100"]
        over.set()
        for modem in modems:
            await rig.ended(modem)
        assert rig.phone.asked == ["call +79210000100", "call +79210000102", "call +79210000101"]


async def test_nobody_is_called_for_whom_nobody_waits_any_more(settings: Settings) -> None:
    async with wake_rig(settings) as rig:
        await rig.add()
        outcome = await rig.wakes.run(WakeModem(modem=IMEI, timeout_s=0.01))
        await rig.ended()
        assert outcome == WakeOutcome(status="failed", error="it did not dial in within 0.01 s")
        assert rig.phone.asked == [f"call {FIRST_SIM}"]
        [row] = await rig.rows()
        assert row.error == "nobody waits for it any more"


async def test_a_modem_that_was_cut_off_just_now_comes_by_itself(settings: Settings) -> None:
    async with wake_rig(settings) as rig:
        await rig.add()
        await rig.come()
        await rig.sleep()
        rig.desk.states.update(IMEI, is_expected=True)
        rig.program_waits()
        await asyncio.sleep(0.05)
        await rig.come()
        await rig.ended()
        assert rig.phone.asked == []
        assert await rig.rows() == []
        assert await rig.told() == ["connected", "connected"]


async def test_a_modem_that_is_deleted_is_woken_no_more(settings: Settings) -> None:
    async with wake_rig(settings) as rig:
        await rig.add()
        never_answers(rig)
        wake = rig.wakes.begin(IMEI, "rest:anna")
        await rig.until(lambda: rig.phone.asked != [])
        await rig.desk.lifecycle.delete(IMEI, by="anna", keeps_port=False, is_blocked=False)
        rig.wakes.forget(IMEI)
        assert (await wake.done).error == "it was deleted"
        assert await rig.rows() == []
        assert await rig.told() == ["wake_started"]


async def test_a_hub_that_stops_calls_off_what_is_under_way(settings: Settings) -> None:
    async with wake_rig(settings) as rig:
        await rig.add()
        never_answers(rig)
        wake = rig.wakes.begin(IMEI, "rest:anna")
        await rig.until(lambda: rig.phone.asked != [])
        await rig.wakes.close()
        assert (await wake.done).error == "the hub ended meanwhile"
        assert rig.given_up == []  # the relay may live on, and its programs wait for the next hub
        assert await rig.told() == ["wake_started", "wake_failed"]


async def test_a_hub_that_died_amid_a_wake_ends_it_at_the_next_start(settings: Settings) -> None:
    async with wake_rig(settings) as rig:
        await rig.add()
        never_answers(rig)
        wake = rig.wakes.begin(IMEI, "rest:anna")
        await rig.until(lambda: rig.phone.asked != [])
        await rig.desk.journal.flush()
        dead = wake.row
    async with wake_rig(settings) as again:
        await again.ground.store.write(wake.note(status="waking", finished_at=None, error=None))
        await again.wakes.close()
    async with wake_rig(settings) as third:
        [row] = await third.rows()
        assert (row.id, row.status, row.calls, row.error) == (dead.id, "failed", 1, "the hub ended meanwhile")
        assert third.wakes.budget.spent(IMEI, third.desk.clock.now()) == {"call": 1, "sms": 0}
        assert third.wakes.resumes_at(IMEI) is None, "that it did not come is not its fault"
        comes_when_called(third)
        third.program_waits()
        await third.ended()
        assert (await third.rows())[-1].status == "online"


async def test_what_a_hub_before_has_called_is_given_its_time_before_the_next_call(settings: Settings) -> None:
    patient = replace(QUICK, after_call_s=60.0)
    async with wake_rig(settings, patient) as rig:
        await rig.add()
        never_answers(rig)
        rig.program_waits()
        await rig.until(lambda: rig.phone.asked != [])
    async with wake_rig(settings, patient) as again:
        again.program_waits()
        await asyncio.sleep(0.05)
        assert again.wakes.current(IMEI) is not None
        await again.come()
        await again.ended()
        assert again.phone.asked == [], "a second call could have sent it to sleep again"


async def test_figures_say_how_often_it_worked_and_how_long_it_took(settings: Settings) -> None:
    async with wake_rig(settings, ONLY_CALL, WakeSettings(pause_s=0.0)) as rig:
        await rig.add()
        await rig.wakes.run(WakeModem(modem=IMEI))
        comes_when_called(rig)
        await rig.wakes.run(WakeModem(modem=IMEI))
        await rig.desk.journal.flush()
        figures = await rig.wakes.figures(IMEI)
        assert (figures.tries, figures.successes, list(figures.median_s)) == (2, 1, ["call"])
        exposed = rig.ground.metrics.counter("wakes_total", "", "result")
        assert exposed.values == {("failed",): 1, ("online",): 1}


async def test_the_ladder_of_a_modem_is_the_hub_s_with_its_own_differences(settings: Settings) -> None:
    async with wake_rig(settings, WakeLadder(sms_minutes=30)) as rig:
        await rig.add(overrides={"wake": {"steps": ["sms"], "hold": "10m"}})
        ladder = rig.wakes.ladder(IMEI)
        assert (ladder.steps, ladder.hold_s, ladder.sms_minutes) == (("sms",), 600.0, 30)
