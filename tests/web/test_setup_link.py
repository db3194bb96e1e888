"""The secret of the first link."""

from irzhub.core.clock import SystemClock
from irzhub.web.setup_link import SetupLink


def test_it_opens_until_it_is_closed_or_replaced() -> None:
    link = SetupLink(SystemClock())
    assert not link.fits("")
    first = link.make()
    assert link.fits(first)
    second = link.make()

    assert (link.fits(first), link.fits(second), link.fits("тайна")) == (False, True, False)
    link.close()
    assert not link.is_open
    assert not link.fits(second)
    assert first not in repr(link)
