"""One GSM modem, from its port to what it does for the hub; it is found again whatever happens to it."""

import asyncio
import dataclasses
import logging
from collections.abc import Callable
from typing import Final, NoReturn, Protocol

from irzhub.api import CallOutcome, Clock, GsmModemView, LocalStoreFailed

from .at import Result, Urc, fields_of
from .calling import CallLine, hang_up
from .link import ModemLink, NoAnswer
from .mailbox import Mailbox, read_list
from .pdu import BadPdu, Deliver, StatusReport, decode_incoming
from .port import PortFailed, open_port
from .queue import Job, OrderQueue
from .ringing import Ringing
from .schema import GsmSettings, ModemPlace
from .sending import Sent, send_sms
from .startup import (
    REGISTERED,
    Mute,
    PinTry,
    SimState,
    ask_network,
    awaken,
    open_sim,
    prepare,
    reset,
    sim_state,
    subscribe,
)
from .ussd import read_balance, read_ussd

_log = logging.getLogger(__name__)

_PAUSES_S: Final = (0.5, 1.0, 2.0, 5.0, 10.0)
_SIM_AGAIN_S: Final = 10.0
_SEARCH_S: Final = 5.0
_NETWORK_RESET_S: Final = 600.0
_USSD_S: Final = 30.0
_LIST_S: Final = 20.0
_CALL_ENDS: Final = frozenset({"NO CARRIER", "BUSY", "NO ANSWER"})
_SIM_WORDS: Final[dict[SimState, str]] = {
    "ready": "",
    "no_sim": "there is no SIM card in it",
    "pin_wanted": "its SIM card wants a PIN: set integrations.gsm_modem.pin",
    "pin_refused": "the PIN was tried once and did not open the SIM card; it is not tried again until it is another",
    "puk_wanted": "its SIM card wants its PUK, which the hub never tries: enter it in a phone",
    "sim_failed": "its SIM card does not answer",
}
_PIN_NOT_NOTED: Final = "the PIN waits until the hub's disk works: each try is noted before it is made"


class Office(Protocol):
    """What a modem hands its news to."""

    def sms_sent(self, modem: str, job: Job, sent: Sent) -> None:
        """An attempt to send an SMS ended."""

    def call_ended(self, modem: str, job: Job, outcome: CallOutcome) -> None:
        """An attempt to call ended."""

    def begun(self, modem: str, job: Job) -> None:
        """A job was taken."""

    async def received(self, modem: str, message: Deliver) -> None:
        """An SMS came; it may be deleted in the modem when this returns."""

    def take_soon(self, modem: str, message: Deliver) -> None:
        """An SMS came that the modem does not keep."""

    def reported(self, modem: str, report: StatusReport) -> None:
        """The network says what became of an SMS."""

    def called(self, modem: str, number: str) -> None:
        """Somebody rings; the number is empty when it is withheld."""

    def changed(self) -> None:
        """What the modem shows of itself is another now."""


class GsmModem:
    """Runs for ever: opens its port, makes the modem ready, takes jobs, and begins again after each trouble."""

    def __init__(
        self, place: ModemPlace, settings: GsmSettings, queue: OrderQueue, office: Office, pin: PinTry, clock: Clock
    ) -> None:
        self._place = place
        self._settings = settings
        self._queue = queue
        self._office = office
        self._pin = pin
        self._clock = clock
        self._stir = asyncio.Event()
        self._line = CallLine()
        self._ringing = Ringing()
        self._ussd: asyncio.Future[str] | None = None
        self._mailbox = Mailbox()
        self._has_mail = False
        self._reference = int(clock.now().timestamp())  # so that parts of before a restart are not mixed with new ones
        self._signal_at = self._balance_at = 0.0
        self._lost_since: float | None = None
        self.view = GsmModemView(name=place.name, port=place.port, state="absent")

    @property
    def is_ready(self) -> bool:
        """Whether it takes jobs now."""
        return self.view.state == "ready"

    async def keep_running(self, spawn: Callable[..., "asyncio.Task[str]"]) -> None:
        """Be there for the hub until cancelled; `spawn` starts the task that reads."""
        attempt = 0
        self._queue.listen(self._stir)
        try:
            while True:
                try:
                    await self._session(spawn)
                except PortFailed as error:
                    trouble, why = "absent", str(error)
                except (NoAnswer, Mute) as error:
                    trouble, why = "mute", str(error)
                attempt = 0 if self.is_ready else attempt + 1
                self._tell(trouble, why)
                await asyncio.sleep(_PAUSES_S[min(attempt, len(_PAUSES_S) - 1)])
        finally:
            self._queue.leave(self._stir)

    async def _session(self, spawn: Callable[..., "asyncio.Task[str]"]) -> NoReturn:
        """Use the port as long as it is there and the modem answers."""
        link = ModemLink(await open_port(self._place.port, self._place.baud), self._heard)
        reading = spawn(link.keep_reading(), f"read {self._place.name}")
        reading.add_done_callback(lambda _: self._stir.set())
        try:
            await self._start(link)
            while not reading.done():
                await self._turn(link)
            raise PortFailed(reading.result())
        finally:
            self._ussd = None
            link.close()
            reading.cancel()

    async def _start(self, link: ModemLink) -> None:
        self._tell("starting")
        await awaken(link)
        await hang_up(link)  # a call of a hub that was killed goes on, and costs
        identity = await prepare(link)
        self._note(model=identity.model, imei=identity.imei, iccid=identity.iccid)
        await self._wait_for_sim(link)
        await subscribe(link)
        self._has_mail, self._signal_at = True, 0.0

    async def _wait_for_sim(self, link: ModemLink) -> None:
        """Return when the SIM card is open, however long somebody needs to put it in."""
        card = self.view.iccid or self.view.imei or ""
        while True:
            why = ""
            try:
                sim = await open_sim(link, self._pin, card)
            except LocalStoreFailed:  # a full disk must not cost a PIN that nobody knows was tried, nor the modem
                sim, why = "pin_wanted", _PIN_NOT_NOTED
            self._note(sim=sim)
            if sim == "ready":
                return
            self._tell(sim, why or _SIM_WORDS[sim])
            self._stir.clear()
            await self._rest(_SIM_AGAIN_S)

    async def _turn(self, link: ModemLink) -> None:
        """Do what is due, or the next job, or wait for either."""
        self._stir.clear()
        now = self._clock.monotonic()
        if now >= self._signal_at:
            await self._look(link, now)
        if not self.is_ready:
            await self._rest(self._signal_at - now)
            return
        if self._ringing.is_to_end:
            await self._end_ringing(link)
        if self._has_mail:
            await self._read_mail(link)
        if (job := self._queue.pop(self._clock.monotonic())) is not None:
            await self._carry_out(link, job)
            return
        if self._settings.balance_code is not None and now >= self._balance_at:
            await self._ask_balance(link, self._settings.balance_code)
        resting = self._queue.rest_s(now)
        await self._rest(min(self._signal_at - now, self._signal_at - now if resting is None else resting))

    async def _rest(self, seconds: float) -> None:
        if self._stir.is_set():
            return
        try:
            async with asyncio.timeout(max(0.01, seconds)):
                await self._stir.wait()
        except TimeoutError:
            return

    async def _look(self, link: ModemLink, now: float) -> None:
        registration, operator, csq = await ask_network(link)
        self._note(registration=registration, operator=operator, csq=csq, observed_at=self._clock.now())
        if registration in REGISTERED:
            self._signal_at = now + self._settings.signal_every_s
            self._lost_since = None
            self._has_mail = True  # what came while nothing was told, as when the memory was full
            self._tell("ready")
        else:
            if await sim_state(link) != "ready":
                await self._wait_for_sim(link)
                await subscribe(link)
            await self._find_network(link, now)
            self._signal_at = now + min(_SEARCH_S, self._settings.signal_every_s)
            self._tell("no_network", f"it is not in the network (registration: {registration or 'unknown'})")

    async def _find_network(self, link: ModemLink, now: float) -> None:
        """Restart a modem that has been out of the network for long: some never look for it again by themselves."""
        if self._lost_since is None:
            self._lost_since = now
        elif now - self._lost_since >= _NETWORK_RESET_S:
            self._lost_since = now
            await reset(link)
            await self._start(link)

    async def _carry_out(self, link: ModemLink, job: Job) -> None:
        self._office.begun(self._place.name, job)
        if job.order.kind == "call":
            await self._call(link, job)
            return
        self._reference = (self._reference + 1) & 0xFF
        sent = Sent("unknown", "the hub stopped meanwhile")
        try:
            sent = await send_sms(
                link,
                job.order.number,
                job.text,
                self._reference,
                report=job.order.wants_report,
                validity_s=self._settings.validity_s,
                timeout_s=self._settings.sms_timeout_s,
            )
        finally:
            self._count(sent)
            self._office.sms_sent(self._place.name, job, sent)
        if isinstance(sent.trouble, NoAnswer) and not await link.settle():
            await reset(link)
        elif sent.trouble is not None and not isinstance(sent.trouble, NoAnswer):
            raise sent.trouble
        if sent.fate == "credit":
            self._balance_at = 0.0
        elif sent.fate == "full":
            self._has_mail = True
        elif sent.fate in ("sim", "network"):
            self._signal_at = 0.0

    async def _call(self, link: ModemLink, job: Job) -> None:
        outcome = CallOutcome(status="failed", error="the hub stopped meanwhile")
        try:
            outcome = await self._line.place(link, job.order.number, job.order.ring_s or 20.0)
        except NoAnswer as error:
            outcome = CallOutcome(status="failed", error=str(error))
            if not await link.settle():
                await reset(link)
        except PortFailed as error:
            outcome = CallOutcome(status="failed", error=str(error))
            raise
        finally:
            self._office.call_ended(self._place.name, job, outcome)

    async def _read_mail(self, link: ModemLink) -> None:
        """Take the SMS that the modem keeps; each is deleted there once the hub has it."""
        self._has_mail = False
        listed = await link.run("AT+CMGL=4", _LIST_S, prefix="+CMGL:")
        for kept in self._mailbox.choose(read_list(listed.lines), self._clock.monotonic()):
            if isinstance(kept.found, StatusReport):
                self._office.reported(self._place.name, kept.found)
            elif kept.found is not None:
                self._note(received=self.view.received + 1)
                await self._office.received(self._place.name, kept.found)
            else:
                _log.warning("%s: an SMS that cannot be read is dropped: %s", self._place.name, kept.error)
            await link.run(f"AT+CMGD={kept.place}")

    async def _ask_balance(self, link: ModemLink, code: str) -> None:
        self._balance_at = self._clock.monotonic() + self._settings.balance_every_s
        self._ussd = asyncio.get_running_loop().create_future()
        try:
            asked: Result = await link.run(f'AT+CUSD=1,"{code}",15', 15.0)
            if not asked.is_ok:
                self._tell_error(
                    f"{code}: the modem does not ask the balance ({asked.word} {asked.text})".rstrip(" ()")
                )
                return
            async with asyncio.timeout(_USSD_S):
                answer = await self._ussd
        except TimeoutError:
            self._tell_error(f"{code}: no answer with the balance")
            return
        finally:
            self._ussd = None
        if answer.startswith("1"):
            await link.run("AT+CUSD=2")
        text = read_ussd(answer)
        balance = read_balance(text)
        if balance is None:
            self._tell_error(f"{code}: no amount in the answer {text[:80]!r}")
        is_low = balance is not None and balance < self._settings.balance_warn_below
        self._note(balance=balance, balance_text=text, balance_at=self._clock.now(), is_balance_low=is_low)
        self._office.changed()

    async def _end_ringing(self, link: ModemLink) -> None:
        self._ringing.is_to_end = False
        if self._settings.is_hanging_up:
            await hang_up(link)

    def _heard(self, urc: Urc) -> None:
        """Take what the modem says unasked; in the reader's turn, so nothing here waits."""
        if urc.name in ("+CMTI", "+CDSI"):
            self._has_mail = True
        elif urc.name in ("+CMT", "+CDS"):
            self._take_at_once(urc)
        elif urc.name in _CALL_ENDS:
            self._line.ended(urc.name)
            self._ringing.over()
        elif urc.name in ("RING", "+CRING", "+CLIP"):
            number = _caller(fields_of(urc.text)) if urc.name == "+CLIP" else None
            if (caller := self._ringing.heard(number, self._clock.monotonic())) is not None:
                self._office.called(self._place.name, caller)
        elif urc.name == "+CUSD" and self._ussd is not None and not self._ussd.done():
            self._ussd.set_result(urc.text)
        elif urc.name in ("+CREG", "+CPIN"):
            self._signal_at = 0.0
        self._stir.set()

    def _take_at_once(self, urc: Urc) -> None:
        try:
            length = fields_of(urc.text)[-1:] if urc.text else []
            found = decode_incoming(urc.pdu, int(length[0]) if length and length[0].isdigit() else None)
        except (BadPdu, ValueError) as error:
            _log.warning("%s: an SMS that cannot be read is dropped: %s", self._place.name, error)
            return
        if isinstance(found, StatusReport):
            self._office.reported(self._place.name, found)
        else:
            self._note(received=self.view.received + 1)
            self._office.take_soon(self._place.name, found)

    def _count(self, sent: Sent) -> None:
        if sent.outcome == "sent":
            self._note(sent=self.view.sent + 1)
            return
        self._note(failed=self.view.failed + 1)
        self._tell_error(sent.error or sent.outcome)

    def _tell(self, state: str, detail: str = "") -> None:
        is_new = (self.view.state, self.view.detail) != (state, detail)
        self._note(state=state, detail=detail)
        if is_new:
            self._office.changed()

    def _tell_error(self, error: str) -> None:
        self._note(last_error=error[:300], last_error_at=self._clock.now())

    def _note(self, **changes: object) -> None:
        self.view = dataclasses.replace(self.view, **changes)  # type: ignore[arg-type]


def _caller(fields: list[str]) -> list[str]:
    """Return the number behind `+CLIP`, with the `+` that its type says and some modems leave out."""
    number = fields[0] if fields else ""
    return [f"+{number}" if fields[1:2] == ["145"] and number.isdigit() else number]
