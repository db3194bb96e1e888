"""A process that has the command line loaded, and has a copy of itself carry out each command.

Loading takes a second of the processor, and the tests run the command line hundreds of times. A copy (fork) is a
process of its own as any other: own folder, variables, input and output, and an end of its own. What a start itself
does is seen by the tests that start the product as its users do (tests/cli/test_run.py, tests/e2e).
"""

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

_FILES: Final = ("in", "out", "err")


class Warm:
    """Carries out commands in copies of one loaded process, one at a time."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self._folder = folder
        self._environ = environ
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Load the command line; what it reads while it is loaded it finds in `environ`."""
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.cli.warm"],
            cwd=Path(__file__).parents[2],
            env=self._environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """End it; nothing runs any more."""
        if self._process is not None:
            self._process.communicate(timeout=10)
            self._process = None

    def run(self, arguments: tuple[str, ...], cwd: Path, environ: dict[str, str], typed: str) -> tuple[int, str, str]:
        """Carry out one command; return its exit status and what it said on both outputs."""
        assert self._process is not None and self._process.stdin is not None and self._process.stdout is not None
        for name in _FILES:
            (self._folder / name).write_text(typed if name == "in" else "", newline="")
        order = {"arguments": arguments, "cwd": str(cwd), "environ": environ, "folder": str(self._folder)}
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            status = int(self._process.stdout.readline())
        except BaseException:  # a test that ran out of time: its late answer must not be taken for the next one's
            self._process.kill()
            self.close()
            self.start()
            raise
        out, err = ((self._folder / name).read_text() for name in _FILES[1:])
        return status, out, err


def _carry_out(order: dict[str, Any]) -> None:
    """Become the command: in the copy only, which ends with it."""
    from irzhub.__main__ import main

    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["environ"])
    for descriptor, name in enumerate(_FILES):
        flags = os.O_RDONLY if name == "in" else os.O_WRONLY | os.O_APPEND
        opened = os.open(f"{order['folder']}/{name}", flags)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.argv = ["irzhub", *order["arguments"]]
    main()


def _serve() -> None:
    """Carry out what is asked line by line, until the asker has gone."""
    import irzhub.bootstrap
    import irzhub.cli.app  # noqa: F401 - loaded for the copies

    # A copy has the asker's pipe as its own until it takes its files: nothing may be read ahead from it.
    while line := _line():
        if (copy := os.fork()) == 0:
            _end_with(_carry_out, json.loads(line))
        _, ended = os.waitpid(copy, 0)
        os.write(1, b"%d\n" % os.waitstatus_to_exitcode(ended))


def _end_with(act: Callable[[dict[str, Any]], None], order: dict[str, Any]) -> NoReturn:
    """End the copy as the interpreter would, without taking apart all that was loaded: half a second each time."""
    status: int | str | None = 1
    try:
        act(order)
        status = 0
    except SystemExit as end:
        status = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    if isinstance(status, str):
        sys.stderr.write(f"{status}\n")
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1 if isinstance(status, str) else status or 0)


def _line() -> bytes:
    read = bytearray()
    while not read.endswith(b"\n"):
        if not (some := os.read(0, 1 << 20)):
            return b""
        read += some
    return bytes(read)


if __name__ == "__main__":
    _serve()
