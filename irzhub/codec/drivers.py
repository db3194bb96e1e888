"""All makes of modems that a hub can speak with, and which of them a socket is."""

from irzhub.codec.driver import Driver, Match
from irzhub.codec.irz.driver import IrzDriver
from irzhub.codec.raw.driver import RawDriver
from irzhub.codec.raw.pattern import parse_bytes, parse_pattern


def build_drivers(raw_pattern: str | None, raw_heartbeat: str | None, answer_end: bytes) -> tuple[Driver, ...]:
    """Return the drivers by settings, the surest first.

    Args:
        raw_pattern: the registration packet of raw modems (`irzhub.codec.raw.pattern`); None: there are none.
        raw_heartbeat: their heartbeat as text or hex; None: they have none.
        answer_end: the bytes behind the answer to an iRZ hello.

    Raises:
        ValueError: the pattern or the heartbeat cannot be used.
    """
    irz = IrzDriver(answer_end)
    if raw_pattern is None:
        return (irz,)
    heartbeat = b"" if raw_heartbeat is None else parse_bytes(raw_heartbeat)
    return (irz, RawDriver(parse_pattern(raw_pattern), heartbeat))


def detect(drivers: tuple[Driver, ...], first_bytes: bytes) -> tuple[Match, Driver | None]:
    """Say whose modem begins with these bytes: the first driver that is sure, else whether more bytes can tell."""
    match = Match.NO
    for driver in drivers:
        found = driver.detect(first_bytes)
        if found is Match.YES:
            return found, driver
        if found is Match.MAYBE:
            match = found
    return match, None
