"""The highest number that may have been given without the disk: kept in a file that needs no new space.

While the journal cannot commit, events are published all the same (ARCHITECTURE D2). If the hub were killed
then, their numbers would be given again after the start. So a block of numbers is reserved before the first
of them is used, by overwriting a small file in place, which works on a full disk.
"""

import asyncio
import logging
import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

_log = logging.getLogger(__name__)
_TEXT: Final = "irzhub-seq {seq:020d}"
_SIZE: Final = 64


class SeqMark:
    """The mark file of one `data_dir`; written on a thread of its own, one write after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._thread = ThreadPoolExecutor(1, "irzhub-mark")

    async def open(self) -> int:
        """Return the highest reserved number, 0 for none, and make sure that the file has its space."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._open)

    async def write(self, seq: int, within_s: float = 1.0) -> bool:
        """Reserve the numbers up to `seq`, 0 for none; say whether that is on the disk in time.

        A write that is late goes on and is done before the next one.
        """
        writing = asyncio.get_running_loop().run_in_executor(self._thread, self._write, seq)
        done, _ = await asyncio.wait((writing,), timeout=within_s)
        if not done:
            _log.error("%s was not written in %g s: numbers may repeat after a crash", self.path, within_s)
        return bool(done) and writing.result()

    def close(self) -> None:
        """Let the thread end after its last write."""
        self._thread.shutdown(wait=False)

    def _open(self) -> int:
        seq = self._read()
        self._write(seq)
        return seq

    def _read(self) -> int:
        try:
            text, _, checksum = self.path.read_bytes().rstrip(b"\0").rpartition(b" ")
        except FileNotFoundError:
            return 0
        except OSError as error:
            _log.error("cannot read %s, numbers may repeat after a crash: %s", self.path, error)
            return 0
        if checksum != _checksum(text):
            _log.error("%s is damaged (%r): numbers given while the disk was full may repeat", self.path, text[:40])
            return 0
        return int(text[-20:])

    def _write(self, seq: int) -> bool:
        text = _TEXT.format(seq=seq).encode()
        line = (text + b" " + _checksum(text)).ljust(_SIZE, b"\0")
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                os.pwrite(descriptor, line, 0)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            _log.error("cannot write %s, numbers may repeat after a crash: %s", self.path, error)
            return False
        return True


def _checksum(text: bytes) -> bytes:
    return f"{zlib.crc32(text):08x}".encode()
