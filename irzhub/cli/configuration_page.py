"""Writes docs/configuration.md, or says that it is behind: `python -m irzhub.cli.configuration_page`."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from irzhub.config.document import render_page
from irzhub.config.schema_keys import About
from irzhub.loader import find_integrations, import_integration, read_manifest


def main(arguments: list[str]) -> int:
    """Write the page to the file that is named last; with `--check` only compare. Return the exit status."""
    file = Path(arguments[-1])
    page = render_page(shipped())
    if "--check" not in arguments:
        file.write_text(page, encoding="utf-8")
        return 0
    if not file.exists() or file.read_text("utf-8") != page:
        sys.stderr.write(f"{file} is behind the schema: run `make docs`\n")
        return 1
    return 0


def shipped() -> dict[str, tuple[About, Mapping[Any, Any]]]:
    """Return the name and the keys of each integration that comes with the hub."""
    nowhere = Path("/nonexistent")  # what an operator has beside them is on no page of ours
    found: dict[str, tuple[About, Mapping[Any, Any]]] = {}
    for domain, folder in find_integrations(nowhere).items():
        name = read_manifest(folder).name
        about = About(name["en"], name.get("ru", name["en"]))
        found[domain] = (about, import_integration(folder).SCHEMA)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
