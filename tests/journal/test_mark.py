import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from irzhub.journal.mark import SeqMark


@pytest.fixture
async def mark(tmp_path: Path) -> AsyncIterator[SeqMark]:
    mark = SeqMark(tmp_path / "journal.mark")
    yield mark
    mark.close()


async def reopened(mark: SeqMark) -> int:
    again = SeqMark(mark.path)
    try:
        return await again.open()
    finally:
        again.close()


async def test_a_new_mark_reserves_nothing_and_has_its_space(mark: SeqMark) -> None:
    assert await mark.open() == 0
    assert mark.path.stat().st_size == 64


async def test_a_reserved_number_survives(mark: SeqMark) -> None:
    await mark.open()
    assert await mark.write(12_345)
    assert await reopened(mark) == 12_345
    assert await mark.write(0)
    assert await reopened(mark) == 0


async def test_the_file_never_grows(mark: SeqMark) -> None:
    await mark.open()
    for seq in (1, 10**18, 5):
        assert await mark.write(seq)
        assert mark.path.stat().st_size == 64
    assert await reopened(mark) == 5


@pytest.mark.parametrize(
    "content", [b"rubbish", b"", b"irzhub-seq 00000000000000000007 00000000", b"\0" * 64, b"\xff" * 64]
)
async def test_a_damaged_mark_is_said_and_reserves_nothing(
    content: bytes, mark: SeqMark, caplog: pytest.LogCaptureFixture
) -> None:
    mark.path.write_bytes(content)

    assert await mark.open() == 0
    assert "is damaged" in caplog.text
    assert await mark.write(7)
    assert await reopened(mark) == 7


async def test_a_disk_that_does_not_take_it_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    mark = SeqMark(tmp_path / "no such folder" / "journal.mark")

    assert not await mark.write(7)
    assert "numbers may repeat after a crash" in caplog.text
    mark.close()


async def test_a_write_that_hangs_is_not_waited_for(
    mark: SeqMark, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    blocked = open(os.open(tmp_path / "pipe", os.O_RDWR), "rb")  # noqa: PTH123, SIM115
    mark._thread.submit(blocked.read, 1)  # what a hanging fsync does to the thread

    assert not await mark.write(7, within_s=0.05)
    assert "was not written in 0.05 s" in caplog.text
    (tmp_path / "pipe").write_bytes(b"x")
    for _ in range(100):
        await asyncio.sleep(0.01)
        if mark.path.exists():
            break
    blocked.close()
    assert await reopened(mark) == 7
