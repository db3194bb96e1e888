"""A relay says what lives in it, for a hub that was not there when it began."""

from irzhub.relay.messages import ClientLives, PinsSeen, PortFailed, PortOpened, RegistrationWanted, SessionLives
from irzhub.relay.orders import PutModem
from irzhub.relay.settings import AskSettings
from tests.relay.modem_rig import IMEI, Hub, hello, modem_settings
from tests.relay.test_questions import ANSWERS, PINS, frame

Named = RegistrationWanted | PortOpened | PortFailed | SessionLives
BUSY, AWAY, STRANGER = "868441036775235", "868441036775236", "868441036775237"


async def test_ports_sessions_programs_and_strangers_that_wait() -> None:
    async with Hub(registers=False) as hub:
        hub.send(PutModem(settings=modem_settings()))
        hub.send(PutModem(settings=modem_settings(AWAY)))
        hub.send(PutModem(settings=modem_settings(BUSY, host="192.0.2.1")))  # an address that is not ours
        await hub.hears(PortFailed)
        await hub.dials(hello())
        for modem in (IMEI, AWAY):
            await hub.polls(modem)
        stranger = await hub.connects()
        await stranger.says(hello(STRANGER))
        await hub.hears(RegistrationWanted)
        await hub.hears(PortOpened, 2)

        told = list(hub.relay.tell_living())
        assert all(isinstance(each, ClientLives | Named) for each in told)
        assert {(type(each).__name__, each.modem) for each in told if isinstance(each, Named)} == {
            ("RegistrationWanted", STRANGER),
            ("PortOpened", IMEI),
            ("PortOpened", AWAY),
            ("PortFailed", BUSY),
            ("SessionLives", IMEI),
        }
        lives = next(each for each in told if isinstance(each, SessionLives))
        assert (lives.generation, lives.has_reported) == (1, False)


async def test_a_modem_whose_reports_were_lost_is_asked_again() -> None:
    ask = AskSettings(pins_s=3600.0, pins_reporting_s=3600.0, signal_s=None, temperature_s=None)
    async with Hub() as hub:
        hub.send(PutModem(settings=modem_settings(ask=ask)))
        end = await hub.dials(hello(framed=True))
        await end.says(frame(ANSWERS[PINS]))  # of its own accord: nobody has asked yet
        await hub.hears(PinsSeen)
        assert next(each for each in hub.relay.tell_living() if isinstance(each, SessionLives)).has_reported

        hub.relay.look_again()

        assert not next(each for each in hub.relay.tell_living() if isinstance(each, SessionLives)).has_reported
        asked: list[bytes] = []
        while PINS not in asked:
            asked.append((await end.reads_frame())[1])
            await end.says(frame(ANSWERS[asked[-1]]))
