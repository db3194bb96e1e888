"""Asks the hub that runs on this machine, with the standard library alone."""

import ssl
import urllib.error
import urllib.request
from typing import Final

from irzhub.config.settings import WebSettings

_LARGEST: Final = 4_000_000
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}


def ask_hub(web: WebSettings, path: str, timeout_s: float = 5.0) -> tuple[int, str]:
    """Return the status and the text with which the hub answers `GET /path`.

    Raises:
        OSError: nobody answers there.
    """
    scheme, context = "http", None
    if web.tls is not None:
        # The certificate names the hub as browsers call it; here we ask this very machine.
        scheme, context = "https", ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    host = _EVERYWHERE.get(web.host, f"[{web.host}]" if ":" in web.host else web.host)
    # No proxy of the environment stands between us and this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(f"{scheme}://{host}:{web.port}/{path}", timeout=timeout_s) as answer:
            return answer.status, answer.read(_LARGEST).decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read(_LARGEST).decode(errors="replace")
