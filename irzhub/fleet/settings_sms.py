"""Settings as SMS: each text delivered, the applying one last, and then the modem's next dial-in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from irzhub.codec.irz.settings.lines import SettingLine
from irzhub.codec.irz.settings.sms import build_settings_sms
from irzhub.core.exceptions import ServiceError
from irzhub.core.services import SMS_SEND, Services, SmsMessage
from irzhub.fleet.dialogue_desk import DialogueDesk

REPORT_WITHIN_S: Final = 300.0
"""How long the network may take to report the delivery of one SMS."""
NOBODY: Final = "nobody here can send SMS: set up a GSM modem or an SMS gateway"


@dataclass(frozen=True, slots=True)
class SmsResult:
    """How many of the texts went out and were reported, whether the modem came, and what went wrong."""

    sent: int
    delivered: int
    total: int
    returned: bool
    error: str | None

    @property
    def shown(self) -> dict[str, Any]:
        """The result for people."""
        counts = {"sent": self.sent, "delivered": self.delivered, "total": self.total}
        return {**counts, "returned": self.returned, "acknowledged": self.delivered}


class SmsCarrier:
    """Sends the texts of one modem one after the other; stops at the first that does not go out.

    Args:
        phone_of: returns the number of a modem's active SIM card, empty when it is not known.
    """

    def __init__(self, services: Services, desk: DialogueDesk, phone_of: Callable[[str], str]) -> None:
        self._services = services
        self._desk = desk
        self._phone_of = phone_of

    async def carry_out(
        self,
        modem: str,
        lines: Iterable[SettingLine],
        password: str,
        *,
        phone: str | None,
        packed: bool,
        origin: str,
        return_within_s: float,
    ) -> SmsResult:
        """Send settings as SMS and wait for the modem."""
        to = phone or self._phone_of(modem)
        try:
            texts = build_settings_sms(lines, password, packed=packed)
        except ValueError as error:
            return SmsResult(0, 0, 0, returned=False, error=str(error))
        if not to:
            return SmsResult(0, 0, len(texts), returned=False, error="the number of its SIM card is not known")
        if not self._services.offers(SMS_SEND):
            return SmsResult(0, 0, len(texts), returned=False, error=NOBODY)
        self._desk.expect_return(modem)
        delivered = 0
        for number, text in enumerate(texts):
            message = SmsMessage(to=to, text=text, modem=modem, origin=origin, wait_s=REPORT_WITHIN_S)
            try:
                outcome = await self._services.call(SMS_SEND, message)
            except ServiceError as error:
                return SmsResult(number, delivered, len(texts), returned=False, error=str(error))
            if outcome.status == "failed":
                why = f"SMS {number + 1} of {len(texts)}: {outcome.error or 'not sent'}"
                return SmsResult(number, delivered, len(texts), returned=False, error=why)
            delivered += outcome.status == "delivered"
        is_back = await self._desk.wait_return(modem, return_within_s)
        missing: str | None = None
        if not is_back:
            missing = f"all SMS went out, and the modem has not dialled in for {return_within_s:g} s since"
        elif delivered < len(texts):
            missing = f"{len(texts) - delivered} of {len(texts)} SMS have no delivery report"
        return SmsResult(len(texts), delivered, len(texts), returned=is_back, error=missing)
