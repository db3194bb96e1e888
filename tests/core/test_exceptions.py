"""The tree of the hub's own errors."""

import inspect

import pytest

from irzhub.core import exceptions
from irzhub.core.exceptions import CommandError, CommandExpired, IrzhubError

ERRORS = [each for _, each in inspect.getmembers(exceptions, inspect.isclass)]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_whoever_catches_the_root_catches_all(error: type[Exception]) -> None:
    with pytest.raises(IrzhubError, match="what came"):
        raise error("what came")


def test_expired_command_is_a_failed_command() -> None:
    assert issubclass(CommandExpired, CommandError)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_tree_in_the_docstring_names_each(error: type[Exception]) -> None:
    assert exceptions.__doc__ is not None
    assert error.__name__ in exceptions.__doc__
