"""One step as the GSM modem carries it out."""

import asyncio
from typing import Any

import pytest

from irzhub.config.settings import Settings
from irzhub.config.wake import WakeLadder
from irzhub.core.services import SMS_SEND, VOICE_CALL, CallOutcome, Services, SmsOutcome
from irzhub.core.state import ModemState
from irzhub.fleet import wake_caller
from irzhub.fleet.wake_caller import can_place, place
from irzhub.fleet.wake_record import new_wake
from irzhub.fleet.wake_states import Step
from tests.fleet.job_rig import TurnedClock

MODEM = "868441036775234"
CALL, SMS = Step("call", "+79210000001", 60.0), Step("sms", "+79210000001", 120.0)


async def tried(services: Services, step: Step, ladder: WakeLadder | None = None) -> str | None:
    wake = new_wake(MODEM, "rest:anna", ladder or WakeLadder(), [step], TurnedClock())
    return await place(services, Settings(), wake, step, ModemState(modem=MODEM, imei=MODEM))


def offering(outcome: Any) -> tuple[Services, list[Any]]:
    services, asked = Services(), list[Any]()

    async def answer(wanted: Any) -> Any:
        asked.append(wanted)
        return outcome

    if isinstance(outcome, CallOutcome):
        services.register(VOICE_CALL, answer)
    else:
        services.register(SMS_SEND, answer)
    return services, asked


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (CallOutcome(status="rang"), None),
        (CallOutcome(status="busy"), None),
        (CallOutcome(status="answered"), None),
        (CallOutcome(status="no_answer"), None),
        (CallOutcome(status="failed", error="no network"), "no network"),
        (CallOutcome(status="failed"), "the call failed"),
    ],
)
async def test_a_call_that_rang_is_all_that_a_modem_needs(outcome: CallOutcome, error: str | None) -> None:
    services, asked = offering(outcome)
    assert await tried(services, CALL) == error
    [call] = asked
    assert (call.to, call.ring_s, call.modem, call.origin) == (CALL.number, 20.0, MODEM, "rest:anna")


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (SmsOutcome(status="sent"), None),
        (SmsOutcome(status="delivered"), None),
        (SmsOutcome(status="failed", error="CMS 38"), "CMS 38"),
        (SmsOutcome(status="failed"), "it was not sent"),
    ],
)
async def test_an_sms_goes_out_with_the_text_of_the_ladder(outcome: SmsOutcome, error: str | None) -> None:
    services, asked = offering(outcome)
    assert await tried(services, SMS) == error
    [message] = asked
    assert (message.to, message.text, message.modem, message.wait_s) == (SMS.number, "5492 wait off", MODEM, 0.0)


async def test_a_text_that_does_not_fit_costs_nothing() -> None:
    services, asked = offering(SmsOutcome(status="sent"))
    error = await tried(services, SMS, WakeLadder(sms_text="{imei}" * 20))
    assert "160 fit" in str(error)
    assert asked == []


async def test_nobody_who_can_is_said() -> None:
    services = Services()
    assert (can_place(services, "call"), can_place(services, "sms")) == (False, False)
    assert await tried(services, CALL) == "nobody offers the service call.place"


async def test_a_gsm_modem_that_does_not_get_to_it_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake_caller, "PLACE_S", 0.01)
    services = Services()

    async def never(_wanted: Any) -> CallOutcome:
        await asyncio.Event().wait()
        raise AssertionError

    services.register(VOICE_CALL, never)
    assert await tried(services, CALL) == "the GSM modem did not get to it within 0.01 s"
