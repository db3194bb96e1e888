"""The checksum that Modbus RTU and Mercury share."""

from typing import Final


def crc16(data: bytes) -> int:
    """Return the CRC-16 of Modbus (polynomial 0xA001 reflected, start 0xFFFF); 0 over a frame with its checksum."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc


def _of_byte(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ 0xA001 if byte & 1 else byte >> 1
    return byte


_TABLE: Final = tuple(_of_byte(byte) for byte in range(256))
