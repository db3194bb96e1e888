"""Everything that can happen, as frozen dataclasses in the past tense.

An event is what the bus carries, what the journal stores and what MQTT and REST show (CONTRACT 2):
`type`, `ts` and `modem` are common, all other fields of a class are its `data`. `seq` and `id` are
given by the journal; an event that has not been there yet carries 0 and an empty text.
"""

from irzhub.core.events.alert import (
    AlertChanged,
    AlertClosed,
    AlertOpened,
    CallReceived,
    SmsReceived,
)
from irzhub.core.events.event import (
    Event,
    Level,
    PinSource,
    UnknownEvent,
)
from irzhub.core.events.line import (
    ClientConnected,
    ClientDisconnected,
    ClientDisconnectReason,
    MeterAnswering,
    MeterChanged,
    MeterSilent,
)
from irzhub.core.events.modem import (
    DisconnectReason,
    GpiChanged,
    GpoChanged,
    ImeiConflict,
    MissedSchedule,
    ModemConnected,
    ModemDeleted,
    ModemDisconnected,
    ModemRegistered,
    ModemRejected,
    ModemReplaced,
    SimChanged,
    WakeFailed,
    WakeStarted,
    WakeSucceeded,
)
from irzhub.core.events.work import (
    CommandFinished,
    CommissioningEnded,
    CommissioningStarted,
    FirmwareFinished,
    JobChanged,
    JobFinished,
    OutputStuck,
    SettingsFinished,
)

__all__ = [
    "AlertChanged",
    "AlertClosed",
    "AlertOpened",
    "CallReceived",
    "ClientConnected",
    "ClientDisconnectReason",
    "ClientDisconnected",
    "CommandFinished",
    "CommissioningEnded",
    "CommissioningStarted",
    "DisconnectReason",
    "Event",
    "FirmwareFinished",
    "GpiChanged",
    "GpoChanged",
    "ImeiConflict",
    "JobChanged",
    "JobFinished",
    "Level",
    "MeterAnswering",
    "MeterChanged",
    "MeterSilent",
    "MissedSchedule",
    "ModemConnected",
    "ModemDeleted",
    "ModemDisconnected",
    "ModemRegistered",
    "ModemRejected",
    "ModemReplaced",
    "OutputStuck",
    "PinSource",
    "SettingsFinished",
    "SimChanged",
    "SmsReceived",
    "UnknownEvent",
    "WakeFailed",
    "WakeStarted",
    "WakeSucceeded",
]
