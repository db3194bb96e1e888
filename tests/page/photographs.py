"""The pictures of README and docs, taken from the product: `make screenshots`.

A hub with the practice fleet is looked at once its first links are lost and its first meters are silent. IMEI, names
and addresses are the practice fleet's, so no picture shows anything of anybody.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.e2e.hub_process import HubProcess
from tests.page.browser import DESKTOP, Language, Theme, Visitor, chromium, visitor
from tests.page.build import ROOT, build_page
from tests.page.conftest import add_user
from tests.page.fleet_of import practise

IMAGES: Final = ROOT / "docs" / "images"
MOST_BYTES: Final = 300_000
MODEM: Final = "990000000000012"
VIEWS: Final[dict[str, str]] = {
    "fleet": "/",
    "alerts": "/alerts",
    "modem": f"/modems/{MODEM}",
}
LOOKS: Final[tuple[tuple[Language, Theme], ...]] = (("ru", "light"), ("en", "light"))
_ALIVE_S: Final = 100.0
"""Until some links are lost, some meters are silent, and the alerts of both are open."""
_SETTLED_MS: Final = 2500
_MODEMS: Final = 60


async def photograph(someone: Visitor, name: str, path: str, folder: Path) -> str:
    """Take one view; return its line for the console.

    Raises:
        ValueError: the picture is too large for a page of text.
    """
    await someone.open(path)
    await someone.page.wait_for_selector(".app main.view > *:visible")
    await someone.page.wait_for_timeout(_SETTLED_MS)
    file = folder / f"{name}.png"
    await someone.photograph(file)
    if (size := file.stat().st_size) > MOST_BYTES:
        raise ValueError(f"{file.name}: {size} bytes, expected at most {MOST_BYTES}")
    return f"{file.name}: {size / 1000:.0f} kB"


async def take_all(folder: Path, alive_s: float = _ALIVE_S) -> list[str]:
    """Run a hub for each language side by side and take all views of it."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(take(folder, language, theme, alive_s)) for language, theme in LOOKS]
    return [line for task in tasks for line in task.result()]


async def take(folder: Path, language: Language, theme: Theme, alive_s: float) -> list[str]:
    """Take all views in one language."""
    with tempfile.TemporaryDirectory(prefix="irzhub-pictures-") as name:
        async with HubProcess(Path(name) / "hub", changes={"hub": {"language": language}}) as hub:
            await asyncio.to_thread(add_user, hub, "admin", "admin")
            await practise(hub, _MODEMS)
            await asyncio.sleep(alive_s)
            root = f"http://127.0.0.1:{hub.web_port}"
            async with chromium() as browser, visitor(browser, root, DESKTOP, theme, language) as someone:
                await someone.open("/")
                await someone.sign_in()
                views = VIEWS.items()
                return [await photograph(someone, f"{view}-{language}", path, folder) for view, path in views]


def main() -> None:
    """Take them into docs/images, or into the folder that is named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    build_page()
    print("\n".join(asyncio.run(take_all(folder))))


if __name__ == "__main__":
    main()
