"""The steps of docker/Dockerfile, carried out in a temporary root: no engine of containers is needed.

COPY takes what docker/Dockerfile.dockerignore lets through, RUN is run by a shell with the image's paths
turned into those of the root, and the image's own command must then bring up a hub that answers.
Steps that change the machine itself (packages, users) are left to the engine, and named here.
"""

import fnmatch
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT
from tests.mosquitto import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

DOCKERFILE = ROOT / "docker" / "Dockerfile"
OF_THE_MACHINE = ("apt-get", "useradd")
STARTS_WITHIN_S = 60.0
STOPS_WITHIN_S = 10.0


@dataclass(slots=True)
class Image:
    """What the steps made: the root of each stage, and the settings of the last one."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    healthcheck: list[str] = field(default_factory=list)
    user: str = "root"
    left_out: list[str] = field(default_factory=list)

    def inside(self, text: str) -> str:
        """Return `text` with the absolute paths of the image turned into those of the root."""
        return re.sub(r"(?<![\w.])/(?=(?:opt|src|etc|var|tmp)\b)", f"{self.root}/", text)


def instructions() -> Iterator[tuple[str, str]]:
    """Yield each instruction of the Dockerfile and its text, lines joined, comments left out."""
    lines = [line for line in DOCKERFILE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    for step in re.sub(r"\\\n", " ", "\n".join(lines)).splitlines():
        word, _, rest = step.partition(" ")
        yield word, rest.strip()


def is_sent(path: str) -> bool:
    """Say whether docker/Dockerfile.dockerignore sends a file to the engine; the last rule that fits counts."""
    sent = True
    for rule in (ROOT / "docker" / "Dockerfile.dockerignore").read_text().split("\n"):
        if not rule or rule.startswith("#"):
            continue
        pattern = rule.removeprefix("!")
        parents = [str(each) for each in (Path(path), *Path(path).parents)]
        fits = any(
            fnmatch.fnmatch(each, pattern) or fnmatch.fnmatch(f"/{each}", pattern.replace("**", "*"))
            for each in parents
        )
        sent = rule.startswith("!") if fits else sent
    return sent


def copy(image: Image, words: list[str], folder: Path) -> None:
    """Carry out COPY: from the checkout, or within the one root that all stages share here."""
    if words[0].startswith("--from="):
        assert words[1] == words[2], "stages share a root, so a copy between them must keep its path"
        return
    target = Path(image.inside(words[-1])) if words[-1].startswith("/") else folder / words[-1]
    for source in words[:-1]:
        found = ROOT / source
        files = [found] if found.is_file() else [each for each in found.rglob("*") if each.is_file()]
        sent = [each for each in files if is_sent(str(each.relative_to(ROOT)))]
        assert sent, f"COPY {source}: nothing of it is sent to the engine"
        for file in sent:
            whole = target / file.relative_to(found) if found.is_dir() else target
            if found.is_file() and (words[-1].endswith("/")):
                whole = target / file.name
            whole.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, whole)


def run(image: Image, text: str, folder: Path) -> None:
    """Carry out RUN with the interpreter that runs the tests as the image's own."""
    if text.startswith(OF_THE_MACHINE):
        image.left_out.append(text.split()[0])
        return
    bin_ = image.root / "bin"
    environment = {**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}", "UV_PYTHON_DOWNLOADS": "never"}
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run(
        ["bash", "-euc", image.inside(text)], cwd=folder, env=environment, capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, f"RUN {text}\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    made = Image(tmp_path_factory.mktemp("image"))
    # The base image's Python: an environment of its own, so that nothing of the checkout's leaks in.
    subprocess.run([sys.executable, "-m", "venv", made.root / "python"], check=True)
    (made.root / "bin").symlink_to(made.root / "python" / "bin")
    folder = made.root
    for word, text in instructions():
        match word:
            case "WORKDIR":
                folder = Path(made.inside(text))
                folder.mkdir(parents=True, exist_ok=True)
            case "COPY":
                copy(made, text.split(), folder)
            case "RUN":
                run(made, text, folder)
            case "ENV":
                made.environment.update(
                    {each.partition("=")[0]: each.partition("=")[2] for each in made.inside(text).split()}
                )
            case "USER":
                made.user = text
            case "ENTRYPOINT":
                made.entrypoint = yaml.safe_load(text)
            case "CMD":
                made.command = yaml.safe_load(text)
            case "HEALTHCHECK":
                made.healthcheck = yaml.safe_load(text.partition("CMD ")[2])
            case "FROM" | "VOLUME" | "EXPOSE" | "STOPSIGNAL":
                pass  # facts for the engine, nothing to carry out
            case _:
                pytest.fail(f"docker/Dockerfile has the instruction {word}, which is not carried out here")
    return made


def test_only_packages_and_the_user_are_left_to_the_engine(image: Image) -> None:
    assert image.left_out == ["apt-get", "useradd"]
    assert image.user not in ("root", "0")


def test_nothing_of_the_checkout_is_needed(image: Image) -> None:
    shown = subprocess.run(
        [image.root / "opt/irzhub/bin/python", "-c", "import irzhub; print(irzhub.__file__)"],
        cwd=image.root,
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout.startswith(str(image.root / "opt/irzhub/lib"))
    assert not (image.root / "src" / "tests").exists()


def test_the_image_s_command_serves_and_stops(image: Image) -> None:
    web = free_port()
    (image.root / "var/lib/irzhub").mkdir(parents=True, exist_ok=True)
    environment = {
        **image.environment,
        "PATH": f"{image.root}/opt/irzhub/bin:/usr/sbin:/usr/bin:/bin",
        "IRZHUB__WEB__PORT": str(web),
        "IRZHUB__MQTT__PORT": str(free_port()),
        "IRZHUB__RELAY__MODEMS__HOST": "127.0.0.1",
        "IRZHUB__RELAY__MODEMS__PORT": str(free_port()),
    }
    program = str(image.root / "opt/irzhub/bin" / image.entrypoint[0])
    log = (image.root / "log").open("wb")
    hub = subprocess.Popen(
        [program, *image.entrypoint[1:], *image.command],
        env=environment,
        cwd=image.root,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        assert wait_until_alive(web, hub), (image.root / "log").read_text()
        check = [str(image.root / "opt/irzhub/bin" / image.healthcheck[0]), *image.healthcheck[1:]]
        assert subprocess.run(check, env=environment, cwd=image.root, timeout=30).returncode == 0
        hub.send_signal(signal.SIGTERM)
        assert hub.wait(STOPS_WITHIN_S) == 0, (image.root / "log").read_text()
        assert subprocess.run(check, env=environment, cwd=image.root, timeout=30, capture_output=True).returncode == 1
        assert (image.root / "var/lib/irzhub/hub.db").exists()
    finally:
        if hub.poll() is None:
            os.killpg(hub.pid, signal.SIGKILL)
            hub.wait()
        log.close()


def wait_until_alive(port: int, hub: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and hub.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)  # noqa: TID251 - no loop runs here
    return False
