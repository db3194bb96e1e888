"""The HTML part of a letter whose writer gave plain text only: the same words, with links that can be pressed."""

import html
import re
from typing import Final

from irzhub.api import Delivery

_LINK: Final = re.compile(r"https?://[^\s<>\"']{1,500}[^\s<>\"'.,;:!?)\]]", re.ASCII)
_BARS: Final = {"now": "#c62828", "soon": "#ef6c00", "background": "#607d8b"}
_PAGE: Final = (
    '<!doctype html><html><head><meta charset="utf-8"></head><body>'
    '<div style="font:16px/1.45 sans-serif;border-left:4px solid {bar};padding:2px 0 2px 14px;white-space:pre-wrap">'
    "{text}</div></body></html>"
)


def build_page(delivery: Delivery) -> str:
    """Return a page that says what the text says; nothing in it is taken for HTML, and it loads nothing."""
    return _PAGE.format(bar=_BARS[delivery.urgency], text=_linked(delivery.text))


def _linked(text: str) -> str:
    pieces, at = [], 0
    for link in _LINK.finditer(text):
        shown = html.escape(link[0])
        pieces += [html.escape(text[at : link.start()]), f'<a href="{shown}">{shown}</a>']
        at = link.end()
    return "".join((*pieces, html.escape(text[at:])))
