"""How far the hub is in its own life, kept for the status page."""

from dataclasses import dataclass, field

from irzhub.core.bus import Bus, Unsubscribe
from irzhub.core.hub import HubPhaseChanged


@dataclass(slots=True)
class HubWatch:
    """The present phase, and the word that was given when the hub went online."""

    bus: Bus
    phase: HubPhaseChanged = field(default_factory=lambda: HubPhaseChanged("starting"))
    comeback: HubPhaseChanged | None = None
    is_following: bool = False

    def follow(self) -> Unsubscribe:
        """Listen to the bus until the returned function is called."""
        self.is_following = True
        return self.bus.subscribe(HubPhaseChanged, self._changed)

    def _changed(self, change: HubPhaseChanged) -> None:
        self.phase = change
        if change.phase == "online":
            self.comeback = change
