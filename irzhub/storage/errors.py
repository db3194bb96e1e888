"""What storage may raise to the rest of the hub.

StorageError
├── LocalStoreFailed      the local disk did not take a transaction: full, broken or read-only
├── DatabaseUnavailable   the history database is away, too slow, or refuses us; try again later
├── DatabaseRefused       the history database understood and will not take it: trying again is no use
└── BackupError           a backup file that is damaged or foreign, or a target that is not empty
"""

from irzhub.core.exceptions import IrzhubError


class StorageError(IrzhubError):
    """Root of the errors of storage."""


class LocalStoreFailed(StorageError):
    """Local SQLite could not commit; nothing of the transaction is known to be stored."""


class DatabaseUnavailable(StorageError):
    """The history database did not do what was asked; its text never holds the password."""


class BackupError(StorageError):
    """A backup that cannot be written, read or put back."""


class DatabaseRefused(StorageError):
    """The history database answered, and will not take this: the same again would fail again."""
