"""What each modem was sent and what it was seen to have, with the age of both (`docs/protocol.md` 1.9).

How settings are read over the link is not known, so "read" comes from a dump that somebody made at the modem.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from irzhub.codec.irz.settings.catalogue import find_setting
from irzhub.codec.irz.settings.lines import SettingLine
from irzhub.core.clock import Clock
from irzhub.storage.local import LocalStore
from irzhub.storage.modem_settings import (
    ModemSettingRow,
    forget_settings,
    list_settings,
    note_read,
    note_sent,
)


@dataclass(frozen=True, slots=True)
class KnownSetting:
    """One setting of a modem. `differs`: what it was seen to have is not what it was sent; None: cannot be said."""

    row: ModemSettingRow
    is_secret: bool
    differs: bool | None


@dataclass(slots=True)
class SettingsRecord:
    """Keeps and compares; values of secrets are never kept, only that and when they were sent."""

    store: LocalStore
    clock: Clock

    async def of(self, modem: str) -> list[KnownSetting]:
        """Return what is known of a modem's settings, by name."""
        return [_known(row) for row in await self.store.read(partial(list_settings, modem=modem))]

    async def sent(self, modem: str, lines: Iterable[SettingLine], via: str) -> None:
        """Keep what a modem has taken."""
        values = _values(lines)
        await self.store.write(partial(note_sent, modem=modem, values=values, at=self.clock.now(), via=via))

    async def was_read(self, modem: str, lines: Iterable[SettingLine], source: str) -> None:
        """Keep what a modem was seen to have."""
        values = _values(lines)
        await self.store.write(partial(note_read, modem=modem, values=values, at=self.clock.now(), source=source))

    async def forget(self, modem: str) -> None:
        """The modem was deleted."""
        await self.store.write(partial(forget_settings, modem=modem))


def _values(lines: Iterable[SettingLine]) -> dict[str, str | None]:
    return {line.name: None if line.is_secret else line.value for line in lines}


def _known(row: ModemSettingRow) -> KnownSetting:
    found = find_setting(row.name)
    is_secret = found is not None and found[0].is_secret
    both = row.sent is not None and row.read is not None
    return KnownSetting(row, is_secret, _plain(row.sent) != _plain(row.read) if both else None)


def _plain(value: str | None) -> str:
    return (value or "").strip().casefold()
