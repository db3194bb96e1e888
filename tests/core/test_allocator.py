"""One arena for all threads: tried in a process of its own, because what is set stays set."""

import subprocess
import sys

PROGRAM = """
import threading
from irzhub.core.allocator import share_one_arena

def resident_kib():
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("VmSize")).split()[1])

if {is_shared}:
    assert share_one_arena()
before, started, end = resident_kib(), threading.Barrier(9), threading.Event()

def work():
    big = [bytes(20_000) for _ in range(50)]
    started.wait()
    end.wait()
    del big

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
started.wait()
print(resident_kib() - before)
end.set()
"""


def grown_kib(is_shared: bool) -> int:
    """Return the address space that eight threads took, each of which holds a megabyte."""
    program = PROGRAM.replace("{is_shared}", str(is_shared))
    return int(subprocess.check_output([sys.executable, "-c", program], text=True))


def test_threads_get_no_arenas_of_their_own() -> None:
    assert grown_kib(is_shared=False) - grown_kib(is_shared=True) > 8 * 32 * 1024
