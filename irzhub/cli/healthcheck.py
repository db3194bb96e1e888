"""`python -m irzhub.cli.healthcheck`: exit status 0 while the hub of `IRZHUB_CONFIG` answers; for containers."""

import os
import sys
from http import HTTPStatus
from pathlib import Path

from irzhub.cli.ask import ask_hub
from irzhub.config.load import load_settings
from irzhub.core.exceptions import ConfigError


def main() -> int:
    """Ask `/healthz` once; return 0 when the hub is alive, else 1 with the reason on the error output."""
    try:
        settings = load_settings(Path(os.environ.get("IRZHUB_CONFIG", "config")), os.environ)
        status, text = ask_hub(settings.web, "healthz")
    except (ConfigError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if status != HTTPStatus.OK:
        sys.stderr.write(f"{status} {text}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
