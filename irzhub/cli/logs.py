"""The log of a running hub: one line for each event of the program, on the standard output.

Whatever came from outside may stand in a line, so control characters are shown, never obeyed.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from irzhub.const import NAME
from irzhub.core.clock import format_time
from irzhub.core.printable import printable

_LONGEST: Final = 4000


class LogFormat(StrEnum):
    """How a line looks."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """From which weight on a line is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class _OneLine(logging.Formatter):
    """Time, level, part and text in one line; a trace follows in the same line, its breaks shown."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{_moment(record)} {record.levelname:<7} {_part(record)}: {_text(self, record)}"


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"ts": _moment(record), "level": record.levelname.lower(), "part": _part(record)}
        return json.dumps({**line, "text": _text(self, record)}, ensure_ascii=False)


def set_up_logging(shape: LogFormat, level: LogLevel) -> None:
    """Write all logs to the standard output from now on."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_Json() if shape is LogFormat.JSON else _OneLine())
    # Libraries speak up only when something is wrong; what they do otherwise is their own business.
    logging.basicConfig(level=max(logging.WARNING, logging.getLevelName(level.upper())), handlers=[handler], force=True)
    logging.getLogger(NAME).setLevel(level.upper())
    logging.captureWarnings(True)


def _moment(record: logging.LogRecord) -> str:
    return format_time(datetime.fromtimestamp(record.created, UTC))


def _part(record: logging.LogRecord) -> str:
    return record.name.removeprefix("irzhub.")


def _text(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    text = record.getMessage()
    if record.exc_info:
        text = f"{text}\n{formatter.formatException(record.exc_info)}"
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}… ({len(text)} characters)"
    return printable(text)
