"""What the numbers behind `+CMS ERROR` and `+CME ERROR` mean for an SMS (3GPP TS 27.005 3.2.5, TS 24.011 E.2)."""

from typing import Final, Literal, TypeAlias

from .at import Result

Fate: TypeAlias = Literal["later", "refused", "unknown", "credit", "sim", "network", "full"]
"""What to do: try again; never again; it may have left; ask for the balance; look at the SIM; wait for the network."""

CMS: Final[dict[int, tuple[Fate, str]]] = {
    1: ("refused", "the number is not assigned"),
    8: ("credit", "the operator bars this SIM: is there money on it?"),
    10: ("credit", "the operator bars this SIM: is there money on it?"),
    21: ("credit", "the network rejects the SMS: is there money on the SIM?"),
    27: ("later", "the destination is out of order"),
    28: ("refused", "unidentified subscriber"),
    29: ("credit", "the facility is rejected: is there money on the SIM?"),
    30: ("refused", "unknown subscriber"),
    38: ("network", "the network is out of order"),
    41: ("later", "a temporary failure of the network"),
    42: ("later", "the network is congested"),
    47: ("later", "the network has no resources"),
    50: ("credit", "SMS are not in the contract of this SIM, or there is no money on it"),
    69: ("refused", "the facility is not there"),
    96: ("refused", "the network misses something in the SMS"),
    111: ("later", "protocol error"),
    127: ("later", "interworking"),
    300: ("later", "the modem failed"),
    301: ("later", "the modem's SMS service is reserved"),
    302: ("later", "not allowed now"),
    303: ("refused", "the modem does not support it"),
    304: ("refused", "the modem does not take the PDU"),
    310: ("sim", "no SIM in the modem"),
    311: ("sim", "the SIM wants its PIN"),
    312: ("sim", "the modem is locked to another SIM"),
    313: ("sim", "the SIM failed"),
    314: ("later", "the SIM is busy"),
    315: ("sim", "a wrong SIM"),
    316: ("sim", "the SIM wants its PUK"),
    320: ("later", "the memory failed"),
    322: ("full", "the memory for SMS is full"),
    330: ("refused", "the SIM has no number of a service centre"),
    331: ("network", "no network"),
    332: ("unknown", "the network did not answer in time"),
    500: ("later", "unknown error of the modem"),
}
CME: Final[dict[int, tuple[Fate, str]]] = {
    3: ("later", "not allowed now"),
    4: ("refused", "the modem does not support it"),
    10: ("sim", "no SIM in the modem"),
    11: ("sim", "the SIM wants its PIN"),
    12: ("sim", "the SIM wants its PUK"),
    13: ("sim", "the SIM failed"),
    14: ("later", "the SIM is busy"),
    15: ("sim", "a wrong SIM"),
    16: ("sim", "wrong PIN"),
    30: ("network", "no network"),
    31: ("unknown", "the network did not answer in time"),
    32: ("network", "emergency calls only"),
    100: ("later", "unknown error of the modem"),
}


def judge(result: Result) -> tuple[Fate, str]:
    """Return what becomes of an SMS that ended so, and why, for people; a code that is not listed is tried again."""
    if result.word == "ERROR":
        return "later", "the modem says ERROR"
    if result.code is None:
        return "later", f"the modem says +{result.word} ERROR: {result.text[:60]}"
    table = CMS if result.word == "CMS" else CME
    fate, text = table.get(result.code, ("later", "an error that is not listed"))
    return fate, f"{text} (+{result.word} ERROR: {result.code})"
