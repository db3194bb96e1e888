"""The checksum against the frames that everybody publishes."""

import pytest

from irzhub.codec.meters.crc import crc16


@pytest.mark.parametrize(
    ("frame", "checksum"),
    [
        ("", 0xFFFF),
        ("01 03 00 00 00 0A", 0xCDC5),
        ("11 03 00 6B 00 03", 0x8776),
        ("01 08 00", 0xC027),
    ],
)
def test_is_the_one_of_modbus(frame: str, checksum: int) -> None:
    assert crc16(bytes.fromhex(frame)) == checksum


def test_a_frame_with_its_checksum_leaves_nothing() -> None:
    assert crc16(bytes.fromhex("01 08 00 27 C0")) == 0
    assert crc16(bytes.fromhex("01 08 00 27 C1")) != 0
