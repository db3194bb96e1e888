"""Asked by hatch before it builds: a package without the dispatcher page would install well and show nothing."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = "irzhub/web/static/index.html"


class PageHook(BuildHookInterface):
    """Refuses an sdist or wheel while the page is not built; an editable install, as in a checkout, may do without."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatch passes both
        """Look for the page.

        Raises:
            SystemExit: it is not there; the text says how to build it.
        """
        if version != "editable" and not (Path(self.root) / PAGE).is_file():
            raise SystemExit(
                f"{PAGE} is missing: the dispatcher page is not built. Run `make frontend`, then build again."
            )
