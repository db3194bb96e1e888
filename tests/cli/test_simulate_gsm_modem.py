"""`irzhub simulate gsm-modem` as a user runs it."""

import asyncio
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from integrations.gsm_modem.link import ModemLink
from integrations.gsm_modem.port import open_port
from integrations.gsm_modem.sending import send_sms
from irzhub.cli.app import app


def test_a_modem_to_try_sms_on(tmp_path: Path) -> None:
    link, script = tmp_path / "usb-modem", tmp_path / "script.txt"
    script.write_text("0 signal 7\n0 call BUSY\n")

    async def drive() -> str:
        async with asyncio.timeout(10):
            while not await asyncio.to_thread(link.is_symlink):
                await asyncio.sleep(0.02)
        line = ModemLink(await open_port(str(link), 115200), lambda _: None)
        reading = asyncio.get_running_loop().create_task(line.keep_reading())
        await line.run("ATE0")
        signal = (await line.run("AT+CSQ", prefix="+CSQ:")).lines[0]
        sent = await send_sms(line, "+79211234567", "я" * 71, 1, report=False, validity_s=300, timeout_s=5)
        await line.run("ATD+79210000001;")
        line.close()
        await reading
        return f"{signal} {sent.outcome}"

    async def both() -> tuple[str, str]:
        options = ["simulate", "gsm-modem", "--link", str(link), "--script", str(script), "--duration", "3"]
        played = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "irzhub", *options, stdout=asyncio.subprocess.PIPE
        )
        told = await drive()
        output, _ = await asyncio.wait_for(played.communicate(), 20)
        assert played.returncode == 0
        return told, output.decode()

    told, output = asyncio.run(both())
    assert told == "+CSQ: 7,0 sent"
    assert output.splitlines() == [
        str(link),
        f"sms +79211234567 (1/2): {'я' * 67}",
        f"sms +79211234567 (2/2): {'я' * 4}",
        "call +79210000001",
    ]


@pytest.mark.parametrize(
    ("script", "status", "why"),
    [("0 explode", 2, "line 1: expected one of sms"), ("0 signal loud", 1, "signal loud")],
    ids=["verb", "words"],
)
def test_a_wrong_script_says_where(tmp_path: Path, script: str, status: int, why: str) -> None:
    (tmp_path / "script.txt").write_text(script)
    result = CliRunner().invoke(
        app, ["simulate", "gsm-modem", "--script", str(tmp_path / "script.txt"), "--duration", "2"]
    )

    assert result.exit_code == status
    assert why in result.output.replace("\n", " ")
