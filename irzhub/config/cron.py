"""Cron expressions on the clock of a site: when something begins (the one place that uses the cron library)."""

from datetime import datetime, timedelta
from typing import Final

from cronsim import CronSim, CronSimError

LONGEST: Final = 100
_LOOK_AHEAD_YEARS: Final = 50  # the library's own limit; an expression that never comes is refused by it


class WrongCron(ValueError):
    """A text is no cron expression, or one that never comes."""


def check_cron(text: str) -> str:
    """Return the text when it is a cron expression of five fields.

    Raises:
        WrongCron: it is none; the text says what is wrong.
    """
    if len(text) > LONGEST or len(text.split()) != 5:
        raise WrongCron("expected five fields: minute, hour, day of the month, month, day of the week")
    try:
        next(CronSim(text, datetime(2026, 1, 1)))  # noqa: DTZ001 - whether it ever comes is the same on every clock
    except CronSimError as error:
        raise WrongCron(f"expected a cron expression such as 0 3 * * *: {str(error).lower()}") from None
    except StopIteration:
        raise WrongCron(f"expected a cron expression that comes within {_LOOK_AHEAD_YEARS} years") from None
    return text


def last_start(cron: str, moment: datetime) -> datetime:
    """Return when a checked expression came last, at `moment` or before it, on the clock of `moment`'s zone."""
    return next(CronSim(cron, moment + timedelta(seconds=1), reverse=True))


def next_start(cron: str, moment: datetime) -> datetime:
    """Return when a checked expression comes next after `moment`, on the clock of `moment`'s zone."""
    return next(CronSim(cron, moment))
