"""The one word for how the whole hub is."""

from typing import Literal, TypeAlias

from irzhub.core.health import Health

Word: TypeAlias = Literal["ready", "degraded", "not_ready"]


def readiness(health: Health) -> Word:
    """Return `not_ready` while a required part is away, `degraded` while another one is, else `ready`."""
    if not health.is_ready:
        return "not_ready"
    return "degraded" if health.is_degraded else "ready"
