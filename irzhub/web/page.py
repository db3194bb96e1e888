"""The dispatcher page: files that were built into the package, and a page for every deep link.

The page's own addresses (`/modems/868441036775234`) are known to the page alone. Whoever asks for an unknown
address with a browser gets the page, which then shows the view or says that there is none; programs get 404.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from irzhub.web.cookies import session_cookie
from irzhub.web.problem import Problem
from irzhub.web.route import Handler

BUILT: Final = Path(__file__).with_name("static")
"""Where `frontend/build.sh` puts the page."""
_YEAR: Final = "public, max-age=31536000, immutable"
_MEDIA: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".png": "image/png",
}
_REPLACED: Final = '"./'
_MAYBE: Final = 'name="irzhub-session" content="maybe"'
_NOBODY: Final = 'name="irzhub-session" content="none"'


@dataclass(slots=True)
class Page:
    """The built page in a folder.

    Args:
        index: the text of its first file, empty when the page was not built.
        assets: its other files by name; a name holds a hash of what is in the file.
    """

    index: str
    assets: dict[str, Path]

    @property
    def is_built(self) -> bool:
        """Whether there is a page."""
        return self.index != ""

    def html(self, request: web.Request) -> web.Response:
        """Return the page for an address: its files are named from there, wherever a proxy puts the hub.

        It says whether the browser sent a session's cookie, so that it need not ask who nobody is.
        """
        path = request.path
        prefix = "./" if path.count("/") <= 1 else "../" * (path.count("/") - 1)
        text = self.index.replace(_REPLACED, f'"{prefix}')
        if session_cookie(request) is None:
            text = text.replace(_MAYBE, _NOBODY)
        return web.Response(text=text, content_type="text/html", charset="utf-8", headers={"Vary": "Accept"})

    def asset(self, name: str) -> web.FileResponse:
        """Return a file, compressed where a compressed copy was built and the browser takes it.

        Raises:
            Problem: 404, the page has no such file.
        """
        if (file := self.assets.get(name)) is None:
            raise Problem(404, "unknown_file", "the page has no such file; load it again")
        media = _MEDIA.get(file.suffix, "application/octet-stream")
        return web.FileResponse(file, headers={"Cache-Control": _YEAR, "Content-Type": media})


PAGE: Final = web.AppKey("page", Page)


def read_page(folder: Path = BUILT) -> Page:
    """Return the page that is in `folder`; one that was not built has no index."""
    index = folder / "index.html"
    if not index.is_file():
        return Page("", {})
    files = (folder / "assets").iterdir() if (folder / "assets").is_dir() else ()
    return Page(index.read_text("utf-8"), {file.name: file for file in files if file.suffix in _MEDIA})


@web.middleware
async def deep_links(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer the page where a browser asks for an address that only the page knows."""
    page = request.app[PAGE]
    is_unknown = isinstance(request.match_info.http_exception, web.HTTPNotFound)
    if is_unknown and page.is_built and request.method in ("GET", "HEAD") and wants_page(request):
        return page.html(request)
    return await handler(request)


def wants_page(request: web.Request) -> bool:
    """Say whether it is a browser that goes to an address, and none of the interface's addresses."""
    is_program = request.path.startswith(("/api/", "/assets/"))
    return not is_program and "text/html" in request.headers.get("Accept", "")
