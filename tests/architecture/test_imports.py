"""Every module can be imported alone, with warnings as errors, and the codec brings no machinery along."""

import subprocess
import sys

from tests.architecture.test_layout import SOURCES
from tests.conftest import ROOT

MODULES = [
    name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for name in SOURCES
    # Alembic runs these inside a migration; a child program is run, not imported.
    if "/migrations/" not in name
]

# Each import happens in a fork of an interpreter that knows the libraries but nothing of irzhub: as good as
# a fresh one, and three hundred of them take seconds.
IMPORT_EACH = """
import os, sys, traceback
import aiohttp.web, alembic.command, gmqtt, msgspec, prometheus_client, pydantic, rich.live, sqlalchemy, typer, yaml
assert not [name for name in sys.modules if name.startswith("irzhub")]
failed = []
for name in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        try:
            __import__(name)
        except BaseException:
            traceback.print_exc(limit=-3)
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        failed.append(name)
print(*failed)
"""


def test_every_module_imports_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_EACH, *MODULES], cwd=ROOT, capture_output=True, text=True
    )

    assert done.stdout.split() == [], done.stderr
    assert done.returncode == 0, done.stderr


def test_the_codec_brings_no_machinery() -> None:
    code = (
        "import sys, irzhub.codec.irz.driver; print(sorted({'asyncio', 'socket', 'ssl', 'logging'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
