"""What comes in: SMS put together, journaled and kept; callers told; and whose SIM card it was."""

from typing import Final

from irzhub.api import (
    CallReceived,
    IntegrationHub,
    PhoneReceived,
    SmsReceived,
    add_phone_received,
    new_ulid,
)

from .numbers import tail_of
from .pdu import Deliver
from .reassembly import Reassembly, Whole
from .text import clean_text

_LONGEST_NUMBER: Final = 40


class Inbox:
    """Hands SMS and calls to the hub: an event with its row, committed together."""

    def __init__(self, hub: IntegrationHub) -> None:
        self._hub = hub
        self._parts = Reassembly()

    async def take(self, by: str, message: Deliver) -> None:
        """Take an SMS that came to the modem `by`; when this returns, what is whole is in the journal."""
        found = self._parts.add(message, self._hub.clock.monotonic())
        for whole in found:
            self._record_sms(by, whole)
        if found:
            await self._hub.journal.flush()

    def give_up_late(self) -> None:
        """Tell what came of texts whose other parts did not come in time."""
        for whole in self._parts.expire(self._hub.clock.monotonic()):
            self._record_sms("", whole)

    def called(self, by: str, caller: str) -> None:
        """Somebody rang the modem `by`."""
        number = clean_text(caller)[:_LONGEST_NUMBER]
        modem, now = self._owner(number), self._hub.clock.now()
        row = PhoneReceived(id=self._new_id(), kind="call", number=number, text="", modem=modem, by=by, received_at=now)
        event = CallReceived(ts=now, modem=modem, number=number, by=by)
        self._hub.record(event, lambda connection: add_phone_received(connection, row))

    def _record_sms(self, by: str, whole: Whole) -> None:
        number, text = clean_text(whole.number)[:_LONGEST_NUMBER], clean_text(whole.text)
        modem, now = self._owner(number), self._hub.clock.now()
        row = PhoneReceived(
            id=self._new_id(),
            kind="sms",
            number=number,
            text=text,
            modem=modem,
            by=by,
            received_at=now,
            sent_at=whole.sent_at,
            is_complete=whole.is_complete,
        )
        event = SmsReceived(ts=now, modem=modem, number=number, text=text, by=by)
        self._hub.record(event, lambda connection: add_phone_received(connection, row))

    def _owner(self, number: str) -> str | None:
        """Return the modem one of whose SIM cards has that number."""
        tail = tail_of(number)
        if not tail:
            return None
        # Thousands of modems are looked through: the numbers that people set are digits, so their ends can be compared.
        return next(
            (
                state.modem
                for state in self._hub.states
                if state.phone_sim1[-10:] == tail or state.phone_sim2[-10:] == tail
            ),
            None,
        )

    def _new_id(self) -> str:
        return new_ulid(int(self._hub.clock.now().timestamp() * 1000))
