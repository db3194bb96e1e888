"""The states of a hub's modems as another process sees them: filled from what is retained, kept by what comes."""

from dataclasses import dataclass, field
from typing import Final

from irzhub.core.state import Link, StateStore
from irzhub.mqtt.payloads import ONLINE, decode_state

_TOLD: Final = frozenset(
    {
        "name",
        "group",
        "model",
        "firmware",
        "address",
        "peer",
        "sim",
        "csq",
        "iccid",
        "temperature_c",
        "cell",
        "clients",
        "gpi",
        "gpo",
        "rx_bytes",
        "tx_bytes",
        "last_seen",
        "observed_at",
        "organisation",
        "commissioning",
    }
)


@dataclass(slots=True)
class StateMirror:
    """Writes topics of modems into a state store; a modem is there once its state has come."""

    states: StateStore
    _links: dict[str, Link] = field(default_factory=dict)

    def take_availability(self, modem: str, payload: bytes) -> None:
        """Take in `online`, `offline`, or that the topic was emptied."""
        if not payload:
            self._links.pop(modem, None)
            return
        link: Link = "online" if payload == ONLINE else "offline"
        self._links[modem] = link
        if modem in self.states:
            self.states.update(modem, link=link)

    def take_state(self, modem: str, payload: bytes) -> None:
        """Take in a state, or that the topic was emptied: then the modem was deleted.

        Raises:
            PayloadError: it is no state.
        """
        if not payload:
            self.states.forget(modem)
            return
        state = decode_state(modem, payload, self._links.get(modem, "offline"))
        if state.modem not in self.states:
            self.states.add(state)
            return
        self.states.update(modem, **{name: getattr(state, name) for name in _TOLD})
