"""The hub's own errors, from the root down; each message says what was expected and what came.

IrzhubError
├── ConfigError        the operator's file or environment is wrong; the text names file, line and key
├── StartError         the hub cannot start; the text says which line or setting to change
├── UpgradeRefused     the hub cannot be replaced now, and goes on as it is; the text says why
├── UnknownModem       nobody knows that modem id
├── UnknownMeter       nobody has entered that meter
├── CommandError       a modem command that was refused, not answered or not possible
│   └── CommandExpired its time ran out before it could be sent
└── ServiceError       no handler, or two, for a service key
"""


class IrzhubError(Exception):
    """Root of the errors that a caller of the hub may meet."""


class ConfigError(IrzhubError):
    """Configuration that cannot be used; the text is ready to be shown to the operator."""


class StartError(IrzhubError):
    """The hub cannot start; the text says what is in the way and what to change."""


class UpgradeRefused(IrzhubError):
    """The running hub cannot be replaced by a new one now; the text says why, and that nothing has changed."""


class UnknownModem(IrzhubError):
    """A modem id that is not registered here."""


class UnknownMeter(IrzhubError):
    """The id of a meter that is not entered here."""


class CommandError(IrzhubError):
    """A command that the modem refused or did not answer, or that cannot be built."""


class CommandExpired(CommandError):
    """A command whose time ran out before the modem was there to take it."""


class ServiceError(IrzhubError):
    """A service was called that nobody offers, or offered twice."""
