"""URLs of every bad kind: refused before a connection is made; the few good ones are called."""

from irzhub.config.settings import OutboundSettings
from irzhub.outbound.client import Outbound
from irzhub.outbound.errors import NoAnswer, TargetRefused
from tests.corpora import Case, read_cases
from tests.outbound.conftest import Listener, Names

CASES = read_cases("outbound")
NAMES = {
    "good.example": ["127.0.0.2"],
    "xn--80a1acny.xn--p1ai": ["127.0.0.2"],
    "mapped.example": ["::ffff:127.0.0.2"],
    "localhost": ["127.0.0.1"],
    "loop.example": ["127.0.0.1"],
    "loop6.example": ["::1"],
    "both.example": ["127.0.0.2", "127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
}


async def test_targets() -> None:
    # One server and one client for all: the port is part of many cases.
    listener = Listener()
    await listener.open("127.0.0.1", "127.0.0.2", "::1")
    names = Names(**NAMES, **{"second.rebind.example": [["127.0.0.1"], ["127.0.0.2"]]})
    wrong = []
    try:
        async with Outbound(OutboundSettings(networks=("127.0.0.2/32",)), names) as outbound:
            for case in CASES:
                outcome = await _outcome(case, outbound, listener.port)
                if case.expected not in ("", outcome):
                    wrong.append(f"{case}: {outcome}")
    finally:
        await listener.close()

    assert wrong == []
    assert len(CASES) >= 60
    assert {called for called, _ in listener.asked} <= {"127.0.0.2", "::ffff:127.0.0.2"}


async def _outcome(case: Case, outbound: Outbound, port: int) -> str:
    url = case.data.decode(errors="replace").replace("$PORT", str(port))
    try:
        answer = await outbound.request("GET", url, timeout_s=1.0)
    except TargetRefused as error:
        assert len(str(error)) < 400
        return "refused"
    except NoAnswer:
        return "unknown"
    return "called" if answer.is_good else "odd"
