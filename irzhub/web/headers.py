"""What every answer carries so that a browser cannot be turned against the hub."""

from collections.abc import MutableMapping
from typing import Final

_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_ALWAYS: Final = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with that a browser says "Origin: null" of the hub's own forms, which are then refused.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Server": "irzhub",
}
_HSTS: Final = "max-age=31536000"


def add_security_headers(headers: MutableMapping[str, str], *, is_secure: bool) -> None:
    """Add the headers in place; what a handler has set (a cache rule) stays. HSTS goes out under TLS only."""
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
    if is_secure:
        headers.setdefault("Strict-Transport-Security", _HSTS)
    # aiohttp names itself and its version where nobody else has put a name.
    headers["Server"] = _ALWAYS["Server"]
