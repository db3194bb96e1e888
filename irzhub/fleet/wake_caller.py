"""One step of a wake as the hub's GSM modem carries it out: a call that rings, or an SMS."""

import asyncio
from typing import Final

from irzhub.config.settings import Settings
from irzhub.core.exceptions import IrzhubError
from irzhub.core.services import SMS_SEND, VOICE_CALL, Services, SmsMessage, VoiceCall
from irzhub.core.state import ModemState
from irzhub.fleet.wake_plan import sms_text
from irzhub.fleet.wake_record import Wake
from irzhub.fleet.wake_states import Step, StepKind

PLACE_S: Final = 180.0
"""So long a call or an SMS may wait for the GSM modem to get to it, and be made."""


def can_place(services: Services, kind: StepKind) -> bool:
    """Say whether somebody makes calls, or sends SMS, now."""
    return services.offers(VOICE_CALL) if kind == "call" else services.offers(SMS_SEND)


async def place(services: Services, settings: Settings, wake: Wake, step: Step, state: ModemState) -> str | None:
    """Make the call or send the SMS; return why that was not possible, None when it was.

    A call that was refused or not answered has rung, and that is all a modem needs.
    """
    try:
        async with asyncio.timeout(PLACE_S):
            if step.kind == "call":
                call = VoiceCall(to=step.number, ring_s=settings.wake.ring_s, modem=wake.modem, origin=wake.reason)
                rang = await services.call(VOICE_CALL, call)
                return rang.error or "the call failed" if rang.status == "failed" else None
            text = sms_text(settings, wake.ladder, state)
            message = SmsMessage(to=step.number, text=text, modem=wake.modem, origin=wake.reason)
            sent = await services.call(SMS_SEND, message)
            return sent.error or "it was not sent" if sent.status == "failed" else None
    except TimeoutError:
        return f"the GSM modem did not get to it within {PLACE_S:g} s"
    except IrzhubError as error:
        return str(error)
