"""The port for modems under storms, silence and want of descriptors."""

import asyncio
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from irzhub.relay.messages import DialInRejected, SessionOpened
from irzhub.relay.orders import PutModem
from irzhub.relay.settings import RelaySettings
from tests.relay.modem_rig import Hub, hello, modem_settings, relay_settings, until


async def test_two_thousand_silent_sockets_do_not_keep_a_modem_out() -> None:
    async with Hub(relay_settings(hello_deadline_s=30.0, backlog=512)) as hub:
        for number in range(2000):
            await hub.connects(f"127.0.0.{2 + number % 5}")
        began = asyncio.get_running_loop().time()
        await hub.dials()
        assert asyncio.get_running_loop().time() - began < 1.0
        assert hub.relay._acceptor.silent == 2000


async def test_five_hundred_hellos_at_once_are_all_answered() -> None:
    async with Hub() as hub:
        modems = [f"8684410300{number:05d}" for number in range(500)]
        for modem in modems:
            hub.send(PutModem(settings=modem_settings(modem)))
        await asyncio.gather(*(hub.dials(hello(modem)) for modem in modems))
        assert {opened.modem for opened in hub.all(SessionOpened)} == set(modems)
        assert not hub.all(DialInRejected)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_it_listens_where_it_is_told(host: str) -> None:
    async with Hub(RelaySettings(host=host, port=0)) as hub:
        reader, writer = await asyncio.open_connection(host, hub.port)
        writer.write(hello())
        assert (await reader.readexactly(24)).endswith(b"MOD=DAT,\r")
        opened = await hub.hears(SessionOpened)
        expected = "[::1]:" if ":" in host else "127.0.0.1:"
        assert opened.peer.startswith(expected)
        assert opened.local == f"{expected}{hub.port}"
        writer.close()
        await writer.wait_closed()


async def test_short_of_descriptors_the_oldest_silent_socket_goes_first() -> None:
    async with Hub(relay_settings(hello_deadline_s=30.0)) as hub:
        hub.send(PutModem(settings=modem_settings()))
        oldest, younger = await hub.connects(), await hub.connects()
        await until(lambda: hub.relay._acceptor.silent == 2)
        descriptors = hub.relay._descriptors
        descriptors.limit = descriptors.used + descriptors.reserve
        await hub.dials()
        assert await oldest.is_closed()
        assert (await hub.hears(DialInRejected)).reason == "file descriptors are short and it was silent"
        await younger.hears_nothing(0.02)


async def test_without_silent_sockets_newcomers_are_refused_and_the_connected_stay() -> None:
    async with Hub() as hub:
        modem = await hub.dials()
        descriptors = hub.relay._descriptors
        descriptors.limit = descriptors.used + descriptors.reserve
        newcomer = await hub.connects()
        assert await newcomer.is_closed()
        assert (await hub.hears(DialInRejected)).reason == "no file descriptors left"
        await modem.hears_nothing(0.02)
        await descriptors.calibrate()
        await hub.dials(hello("868441036775235"))


_STARVED = """
    import asyncio, logging, os, resource, socket, sys, time
    import uvloop
    from irzhub.core.clock import SystemClock
    from irzhub.core.metrics import Metrics
    from irzhub.relay.messages import ModemsListening, PutModem, SessionOpened
    from irzhub.relay.settings import ModemSettings, RelaySettings
    from irzhub.relay.worker import Relay

    lines = []
    class Lines(logging.Handler):
        def emit(self, record): lines.append(record.getMessage())
    logging.basicConfig(handlers=[Lines()], level=logging.INFO)
    got = []

    async def main():
        relay = Relay(RelaySettings(host="127.0.0.1", port=0), got.append, SystemClock(), Metrics())
        async with relay:
            port = next(m.port for m in got if isinstance(m, ModemsListening))
            relay.send(PutModem(settings=ModemSettings(modem="868441036775234", imei="868441036775234")))
            await asyncio.sleep(0.1)
            hogs = []
            reader = asyncio.StreamReader()
            await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
            print(port, flush=True)
            if sys.argv[2] == "full":
                try:
                    while True:
                        hogs.append(os.open("/dev/null", os.O_RDONLY))
                except OSError:
                    pass
                print("full", flush=True)
            await reader.readline()
            cpu = time.process_time()
            await asyncio.sleep(1.0)
            print(len(lines), round(time.process_time() - cpu, 2), flush=True)
            for hog in hogs:
                os.close(hog)
            await reader.readline()
            print(sum(isinstance(m, SessionOpened) for m in got), flush=True)

    soft = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, soft))
    if sys.argv[2] != "kept":
        import irzhub.relay.descriptors as d
        d.Descriptors.is_short = property(lambda self: False)  # as if the budget had miscounted
    (uvloop.run if sys.argv[3] == "uvloop" else asyncio.run)(main())
"""


@pytest.mark.parametrize("budget", ["kept", "greedy", "full"])
async def test_out_of_descriptors_nothing_spins_and_a_modem_gets_in_again(tmp_path: Path, budget: str) -> None:
    script = tmp_path / "starved.py"
    script.write_text(textwrap.dedent(_STARVED))
    loop_name = "uvloop" if "uvloop" in type(asyncio.get_running_loop()).__module__ else "asyncio"
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(script), "80", budget, loop_name,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        port = int(await asyncio.wait_for(child.stdout.readline(), 20))
        if budget == "full":  # others took them all, and there is no silent socket to give up for a newcomer
            assert await child.stdout.readline() == b"full\n"
        crowd = [await asyncio.open_connection("127.0.0.1", port) for _ in range(150)]
        child.stdin.write(b"count\n")
        lines, cpu_s = (await asyncio.wait_for(child.stdout.readline(), 20)).split()
        assert int(lines) < 10, "a line or two for a hundred refusals"
        assert float(cpu_s) < 0.4, "it rests instead of spinning"
        for _, writer in crowd:
            writer.close()
        await asyncio.sleep(1.2)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(hello())
        assert (await asyncio.wait_for(reader.readexactly(24), 10)).endswith(b"MOD=DAT,\r")
        child.stdin.write(b"end\n")
        assert (await asyncio.wait_for(child.stdout.readline(), 10)).strip() == b"1"
        writer.close()
        assert await asyncio.wait_for(child.wait(), 10) == 0
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
