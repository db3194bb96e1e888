"""`irzhub`, and `python -m irzhub`: exit status 0 good, 1 failed, 2 usage."""

import sys

from irzhub.cli.app import app
from irzhub.const import NAME
from irzhub.core.exceptions import IrzhubError


def main() -> None:
    """Run the command that the command line names; an error that the operator can mend ends with its text."""
    try:
        app(prog_name=NAME)
    except IrzhubError as error:
        sys.stderr.write(f"{NAME}: {error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
