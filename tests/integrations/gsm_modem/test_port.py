"""Ports: a terminal by a stable name, a TCP server of serial lines, and what is wrong with them."""

import asyncio
from pathlib import Path

import pytest
import serial
from serial.rfc2217 import SET_LINESTATE_MASK, SET_MODEMSTATE_MASK, PortManager

from integrations.gsm_modem.port import PortFailed, check_port, open_port
from irzhub.simulator.gsm_firmware import GsmFirmware
from irzhub.simulator.gsm_modem import GsmModem


@pytest.mark.parametrize(
    "name",
    [
        *("/dev/serial/by-id/usb-SimTech_SIM7600-if02-port0", "/dev/ttyUSB0", "socket://10.0.0.5:4001"),
        *("rfc2217://moxa.example:4001", "socket://[::1]:4001"),
    ],
)
def test_names(name: str) -> None:
    assert check_port(name) == name


@pytest.mark.parametrize(
    "name", ["", "COM3", "ttyUSB0", "socket://host", "http://host:80", "rfc2217://host:1?x=y", "/dev/tty\n0", "/dev/ж"]
)
def test_what_is_no_port_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="expected a path such as"):
        check_port(name)


async def test_a_terminal_behind_a_stable_name(modem: GsmModem) -> None:
    port = await open_port(modem.path, 9600)
    port.writer.write(b"AT\r")
    assert b"OK" in await asyncio.wait_for(port.reader.readuntil(b"OK\r\n"), 2)
    port.writer.close()


async def test_a_tcp_server_of_serial_lines() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\r") == b"AT\r"
        writer.write(b"\r\nOK\r\n")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = await open_port(f"socket://127.0.0.1:{server.sockets[0].getsockname()[1]}", 9600)
        port.writer.write(b"AT\r")
        assert await asyncio.wait_for(port.reader.readuntil(b"OK\r\n"), 2) == b"\r\nOK\r\n"
        port.writer.close()
        await asyncio.sleep(0.01)


class Moxa(PortManager):  # type: ignore[misc]
    """A serial server; it answers the masks too, which pyserial's own forgets."""

    def _telnet_process_subnegotiation(self, suboption: bytes) -> None:
        super()._telnet_process_subnegotiation(suboption)
        for asked, answer in ((SET_MODEMSTATE_MASK, b"\x6f"), (SET_LINESTATE_MASK, b"\x6e")):
            if suboption[1:2] == asked:
                self.rfc2217_send_subnegotiation(answer, suboption[2:])


async def test_a_server_that_is_told_the_speed() -> None:
    speeds: list[int] = []
    firmware = GsmFirmware()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        settings = serial.serial_for_url("loop://")
        manager = Moxa(settings, writer)
        while data := await reader.read(1024):
            plain = b"".join(manager.filter(data))
            for answer in firmware.receive(plain):
                writer.write(b"".join(manager.escape(answer.encode())))
        speeds.append(settings.baudrate)
        settings.close()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = await open_port(f"rfc2217://127.0.0.1:{server.sockets[0].getsockname()[1]}", 19200)
        port.writer.write(b"AT+CSQ\r")
        assert b"+CSQ: 21,0" in await asyncio.wait_for(port.reader.readuntil(b"OK\r\n"), 5)
        port.writer.close()
        async with asyncio.timeout(5):
            while not speeds:
                await asyncio.sleep(0.01)

    assert speeds == [19200]


async def test_what_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(PortFailed, match="is not there: is the modem plugged in"):
        await open_port(str(tmp_path / "usb-nothing"), 9600)
    with pytest.raises(PortFailed, match=r"socket://127\.0\.0\.1:1: "):
        await open_port("socket://127.0.0.1:1", 9600)
    (tmp_path / "file").write_text("no terminal")
    with pytest.raises(PortFailed, match="file: "):
        await open_port(str(tmp_path / "file"), 9600)
