"""Settings as SMS when the service for them is there, or is not, or fails in the middle."""

from irzhub.codec.irz.settings.lines import SettingLine
from irzhub.core.services import SMS_SEND, Services, SmsMessage, SmsOutcome
from irzhub.fleet.dialogue_desk import DialogueDesk
from irzhub.fleet.settings_sms import NOBODY, SmsCarrier, SmsResult
from tests.fleet.conftest import IMEI

LINES = (SettingLine("SIM_MAIN", "1"), SettingLine("WDT_INTV", "12"), SettingLine("SIM_RTN", "30"))


async def carried_out(
    services: Services, phone: str = "+79211234567", lines: tuple[SettingLine, ...] = LINES
) -> SmsResult:
    carrier = SmsCarrier(services, DialogueDesk(lambda _message: None), lambda _modem: phone)
    return await carrier.carry_out(
        IMEI, lines, "5492", phone=None, packed=False, origin="job:anna", return_within_s=0.01
    )


async def test_it_stops_at_the_first_text_that_does_not_go_out() -> None:
    services, texts = Services(), []

    async def send(message: SmsMessage) -> SmsOutcome:
        texts.append(message.text)
        return SmsOutcome(status="failed" if len(texts) == 2 else "delivered", error="no network")

    services.register(SMS_SEND, send)
    result = await carried_out(services)
    assert (result.sent, result.delivered, result.total) == (1, 1, 3)
    assert result.error == "SMS 2 of 3: no network"
    assert texts == ["5492 0AT$SIM_MAIN=1", "5492 0AT$WDT_INTV=12"]


async def test_what_is_missing_is_said() -> None:
    assert (await carried_out(Services())).error == NOBODY
    assert (await carried_out(Services(), "")).error == "the number of its SIM card is not known"
    too_long = (SettingLine("ID_TEXT1", "x" * 200),)
    assert "at most 160" in str((await carried_out(Services(), lines=too_long)).error)
