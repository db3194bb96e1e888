import subprocess
import sys

import pytest

from irzhub.codec.driver import Match
from irzhub.codec.drivers import build_drivers, detect

FOREIGN = {
    "HTTP": b"GET / HTTP/1.1\r\n",
    "HTTP POST": b"POST",
    "TLS": b"\x16\x03\x01",
    "SSH": b"SSH-2.0-",
    "MQTT": b"\x10\x10\x00\x04MQTT",
    "SOCKS": b"\x05\x01\x00",
    "RDP": b"\x03\x00\x00\x13",
    "NUL": b"\x00",
    "AT": b"AT+CSQ",
}


def names(*settings: str | None) -> list[str]:
    pattern, heartbeat = (*settings, None, None)[:2]
    return [driver.name for driver in build_drivers(pattern, heartbeat, b"\r")]


def test_drivers() -> None:
    assert names() == ["irz"]
    assert names("ID={id};") == ["irz", "raw"]
    assert names("7E01{id}0D", "7E7E") == ["irz", "raw"]
    assert names(None, "7E7E") == ["irz"]


@pytest.mark.parametrize(
    ("pattern", "heartbeat"), [("ID=;", None), ("{id}", None), ("ID={id};", ""), ("ID={id};", "hex:")]
)
def test_bad_settings(pattern: str, heartbeat: str | None) -> None:
    with pytest.raises(ValueError, match="expected"):
        build_drivers(pattern, heartbeat, b"\r")


@pytest.mark.parametrize("data", FOREIGN.values(), ids=FOREIGN)
def test_foreign_protocols_are_known_at_once(data: bytes) -> None:
    assert detect(build_drivers(None, None, b"\r"), data) == (Match.NO, None)
    assert detect(build_drivers("ID={id};", None, b"\r"), data) == (Match.NO, None)


def test_whose_modem_it_is() -> None:
    drivers = irz, raw = build_drivers("AT-{id};", None, b"\r")

    assert detect(drivers, b"") == (Match.MAYBE, None)
    assert detect(drivers, b"AT") == (Match.MAYBE, None)
    assert detect(drivers, b"\r\nAT$IM") == (Match.MAYBE, None)
    assert detect(drivers, b"AT$IMEI=1") == (Match.YES, irz)
    assert detect(drivers, b"AT-1") == (Match.YES, raw)
    assert detect(drivers, b"AT$X") == (Match.NO, None)


def test_the_first_that_is_sure_counts() -> None:
    drivers = irz, _ = build_drivers("AT$IMEI={id};", None, b"\r")

    assert detect(drivers, b"AT$IMEI=") == (Match.YES, irz)


def test_the_codec_does_no_io() -> None:
    code = (
        "import sys, irzhub.codec.drivers, irzhub.codec.decode, irzhub.codec.hexdump;"
        "print(sorted({'asyncio', 'socket', 'ssl', 'logging'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    assert (done.stdout.strip(), done.stderr) == ("[]", "")
