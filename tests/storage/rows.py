"""Rows and events that several tests of storage use."""

from dataclasses import replace
from datetime import UTC, datetime

from irzhub.core.events import Event, GpiChanged
from irzhub.storage.modems import ModemRow

NOW = datetime(2026, 11, 21, 18, 57, 3, 120000, tzinfo=UTC)
MODEM = "868441036775234"
OTHER = "868441036775242"


def modem_row(modem: str = MODEM, port: int = 20000) -> ModemRow:
    return ModemRow(
        modem=modem,
        imei=modem,
        channel=None,
        driver="irz",
        host="0.0.0.0",
        port=port,
        name="Котельная №5",
        group="Север",
        comment="",
        password="sha256:x:y",
        registered_at=NOW,
    )


def event(seq: int, modem: str = MODEM, ts: datetime = NOW) -> Event:
    changed = GpiChanged(ts=ts, modem=modem, pin=1, level="ON", previous="OFF", source="report")
    return replace(changed, seq=seq, id=f"01K{seq:023d}")
