"""One line for each thing that happened, whatever stood in it."""

import json
import logging
from collections.abc import Iterator

import pytest

from irzhub.cli.logs import LogFormat, LogLevel, set_up_logging


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    logging.captureWarnings(False)
    logging.getLogger("irzhub").setLevel(logging.NOTSET)
    root.setLevel(level)
    root.handlers[:] = handlers


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_a_line_of_text(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(LogFormat.TEXT, LogLevel.INFO)
    logging.getLogger("irzhub.relay.session").warning("modem %s is away", "868441036775234")
    logging.getLogger("irzhub.relay.session").debug("not shown")

    (line,) = lines(capsys)
    moment, level, part, text = line.split(maxsplit=3)
    assert moment.endswith("Z")
    assert (level, part, text) == ("WARNING", "relay.session:", "modem 868441036775234 is away")


def test_a_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(LogFormat.JSON, LogLevel.DEBUG)
    logging.getLogger("irzhub.mqtt").debug("брокер")

    (line,) = lines(capsys)
    shown = json.loads(line)
    assert (shown["level"], shown["part"], shown["text"]) == ("debug", "mqtt", "брокер")


@pytest.mark.parametrize("shape", list(LogFormat))
def test_nobody_forges_a_line(capsys: pytest.CaptureFixture[str], shape: LogFormat) -> None:
    set_up_logging(shape, LogLevel.INFO)
    logging.getLogger("irzhub.x").info("hello %s", "\r\n2026-01-01 ERROR forged \x1b[2J\u2028\u202e" + "a" * 9000)

    (line,) = lines(capsys)
    assert not any(ord(char) < 32 or char in "\x1b\u2028\u202e" for char in line)
    assert "\\x1b[2J" in line
    assert len(line) < 5000


def test_a_trace_stays_in_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(LogFormat.TEXT, LogLevel.INFO)
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logging.getLogger("x").exception("failed")

    (line,) = lines(capsys)
    assert "failed\\x0aTraceback" in line
    assert "ValueError: two\\x0alines" in line


def test_libraries_speak_up_only_when_something_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(LogFormat.TEXT, LogLevel.DEBUG)
    logging.getLogger("alembic").info("setup plugin")
    logging.getLogger("alembic").warning("slow")
    logging.getLogger("irzhub.x").debug("detail")

    assert [line.split(maxsplit=3)[3] for line in lines(capsys)] == ["slow", "detail"]
