"""`python -m tests.fuzz TARGET SECONDS`: run one target under atheris; what it finds becomes a regression file."""

import hashlib
import sys
import tempfile
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit(
        "atheris is not installed: `make fuzz` installs it, where there is a build of it for this Python and system"
    )

with atheris.instrument_imports(include=["irzhub", "yaml", "zipfile"]):
    from tests.fuzz.targets import TARGETS

from tests.corpora import FOLDER
from tests.fuzz.seeds import seeds_of


def main(target: str, seconds: int) -> None:
    """Fuzz until the time is over, or until something breaks: then the exit status is not 0."""
    found = FOLDER / target / "regressions"
    found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"irzhub-fuzz-{target}-") as folder:
        for seed in seeds_of(target):
            (Path(folder) / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
        limits = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=8192"]
        report = [f"-artifact_prefix={found}/", "-print_final_stats=1", "-verbosity=0"]
        atheris.Setup([sys.argv[0], *limits, *report, folder], TARGETS[target])
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
