"""Facts that every layer may know: the name and the version of the program."""

from importlib.metadata import version
from typing import Final

NAME: Final = "irzhub"
VERSION: Final = version(NAME)
