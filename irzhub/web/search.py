"""What a bare word in a filter is looked for in: all texts of a modem and of its site, joined once for each state."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from irzhub.core.state import ModemState
from irzhub.storage.sites import SiteRow

_KEPT: Final = 200_000


@dataclass(slots=True)
class SearchTexts:
    """The searched text of each modem, made anew when its state or its site is another object."""

    site_of: Callable[[str], SiteRow | None]
    _known: dict[str, tuple[ModemState, SiteRow | None, str]] = field(default_factory=dict)

    def of(self, state: ModemState) -> str:
        """Return all that is searched of a modem, without case, a line for each text."""
        site = self.site_of(state.site) if state.site else None
        known = self._known.get(state.modem)
        if known is not None and known[0] is state and known[1] is site:
            return known[2]
        text = known[2] if known is not None and known[1] is site and _is_same(known[0], state) else _join(state, site)
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[state.modem] = (state, site, text)
        return text


def plain_text(state: ModemState) -> str:
    """Return what is searched of a modem where no sites are known."""
    return _join(state, None)


def _parts(state: ModemState) -> tuple[str, ...]:
    return (
        state.name,
        state.modem,
        state.group,
        state.comment,
        state.phone_sim1,
        state.phone_sim2,
        str(state.port or ""),
    )


def _is_same(old: ModemState, new: ModemState) -> bool:
    return _parts(old) == _parts(new)


def _join(state: ModemState, site: SiteRow | None) -> str:
    parts = [*_parts(state), state.address or ""]
    if site is not None:
        parts += [site.name, site.address, site.contact, *site.phones, site.access_notes, site.comment]
    return "\n".join(parts).casefold()
