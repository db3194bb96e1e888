"""What many modems have alike, kept once: each message brings copies of its own."""

from typing import Any, Final, TypeVar

from msgspec import structs

from irzhub.relay.orders import PutModem
from irzhub.relay.settings import ModemSettings

_T = TypeVar("_T")
_MOST: Final = 4096


class Alike:
    """Equal settings of ten thousand modems become one object: networks, sharing, names of drivers and zones."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def put(self, message: PutModem) -> PutModem:
        """Return the same message, made of what is kept already."""
        return PutModem(settings=self._of(message.settings))

    def _of(self, settings: ModemSettings) -> ModemSettings:
        return structs.replace(
            settings,
            imei=settings.modem if settings.imei == settings.modem else settings.imei,
            driver=self._one(settings.driver),
            password=self._one(settings.password),
            host=self._one(settings.host),
            open=self._one(settings.open),
            offline=self._one(settings.offline),
            allow=self._one(settings.allow),
            sharing=self._one(settings.sharing),
            ask=self._one(settings.ask),
            clock_zone=self._one(settings.clock_zone),
        )

    def _one(self, value: _T) -> _T:
        if len(self._kept) >= _MOST:  # passwords of their own, for one: what is not alike is not worth keeping
            self._kept.clear()
        kept: _T = self._kept.setdefault(value, value)
        return kept
