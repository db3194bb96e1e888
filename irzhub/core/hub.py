"""How far the hub is in its own life (ARCHITECTURE D15)."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

HubPhase: TypeAlias = Literal["starting", "online", "stopping"]


@dataclass(frozen=True, slots=True)
class HubPhaseChanged:
    """The hub's word on the fleet can be trusted from `online` on; before, availability is the remembered one.

    Published once for each phase. `seconds` is how long it took from the start, `returned` and `missing`
    how many of the modems that were online before are back and are not; all 0 in other phases.
    """

    phase: HubPhase
    seconds: float = 0.0
    returned: int = 0
    missing: int = 0
