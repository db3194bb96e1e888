from irzhub.core.exceptions import IrzhubError
from irzhub.outbound.errors import NoAnswer, OutboundError, TargetRefused


def test_who_calls_may_catch_one_root() -> None:
    assert issubclass(TargetRefused, OutboundError)
    assert issubclass(OutboundError, IrzhubError)
    assert NoAnswer("gone", is_sent=True).is_sent
