import pytest

from irzhub.core.exceptions import IrzhubError
from irzhub.storage import errors


@pytest.mark.parametrize(
    "kind", [errors.LocalStoreFailed, errors.DatabaseUnavailable, errors.DatabaseRefused, errors.BackupError]
)
def test_every_error_of_storage_is_one_that_a_caller_may_meet(kind: type[Exception]) -> None:
    assert issubclass(kind, errors.StorageError)
    assert issubclass(kind, IrzhubError)
    assert kind.__name__ in (errors.__doc__ or "")
