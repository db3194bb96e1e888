"""Other people's PDU libraries, each as a function from the hex of an SMS-SUBMIT to what it says."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # they are old: `is "OK"` and invalid escapes, told once when they are compiled
    from gsmmodem import pdu as gsmmodem_pdu
    from smspdudecoder.fields import SMSDeliver, SMSSubmit

from irzhub.simulator.gsm_pdu import read_submit


@dataclass(frozen=True, slots=True)
class Read:
    """Who gets an SMS and what it says, as somebody else reads it."""

    number: str
    text: str


def by_gsmmodem(pdu: str) -> Read:
    """python-gsmmodem-new: a driver of GSM modems."""
    told: dict[str, Any] = gsmmodem_pdu.decodeSmsPdu(pdu)
    return Read(told["number"], told["text"])


def by_smspdudecoder(pdu: str) -> Read:
    """smspdudecoder: a decoder alone."""
    told: dict[str, Any] = SMSSubmit.decode(StringIO(pdu))
    number = told["recipient"]["number"]
    return Read(
        f"+{number}" if told["recipient"]["toa"]["ton"] == "international" else number, told["user_data"]["data"]
    )


def by_simulator(pdu: str) -> Read:
    """The simulated GSM module, which shares no code with the hub's codec."""
    told = read_submit(pdu)
    return Read(told.to, told.text)


__all__ = ["ORACLES", "by_gsmmodem", "by_simulator", "by_smspdudecoder", "delivered_by_smspdudecoder", "gsmmodem_pdu"]

ORACLES: Final[tuple[Callable[[str], Read], ...]] = (by_gsmmodem, by_smspdudecoder, by_simulator)


def delivered_by_smspdudecoder(pdu: str) -> Read:
    """Read an SMS-DELIVER."""
    told: dict[str, Any] = SMSDeliver.decode(StringIO(pdu))
    number = told["sender"]["number"]
    return Read(f"+{number}" if told["sender"]["toa"]["ton"] == "international" else number, told["user_data"]["data"])
