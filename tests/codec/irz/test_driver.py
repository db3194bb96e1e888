from datetime import UTC, datetime

import pytest

from irzhub.codec.driver import Match
from irzhub.codec.irz.driver import IrzDriver

HELLO = b"AT$IMEI=868441036775234,COLPROT=1.3,\n"


@pytest.mark.parametrize("size", range(9))
def test_a_beginning_is_not_sure_before_its_last_byte(size: int) -> None:
    expected = Match.YES if size == 8 else Match.MAYBE
    for line_ends in (b"", b"\n", b"\r\n\r\n"):
        assert IrzDriver().detect(line_ends + HELLO[:size]) is expected


def test_from_first_bytes_to_a_command() -> None:
    driver = IrzDriver(b"\r\n", {"reboot": "$reboot"})
    assert driver.detect(HELLO) is Match.YES

    hello = driver.read_hello().receive_data(HELLO)
    assert hello is not None and hello.driver == driver.name == "irz"

    connection = driver.connect(hello)
    assert connection.answer(datetime(2026, 9, 22, 14, tzinfo=UTC)) == b"20260922140000,MOD=DAT,\r\n"
    assert b"$reboot\r" in connection.send_command("reboot", {})


def test_every_socket_has_a_reader_of_its_own() -> None:
    driver = IrzDriver()

    assert driver.read_hello() is not driver.read_hello()


def test_keepalive_timeout() -> None:
    assert IrzDriver().default_keepalive_timeout_s == 210.0
