"""Edits that meet: a tag of what was read, and its comparison before something is changed."""

import hashlib
import json
from typing import Any

from aiohttp import web

from irzhub.web.problem import Problem


def entity_tag(value: Any) -> str:
    """Return the ETag of JSON: it changes when the value changes, and only then."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return f'"{hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20]}"'


def check_match(request: web.Request, tag: str) -> None:
    """Compare `If-Match`, where it was sent, with the tag of what is there now.

    Raises:
        Problem: 412, somebody changed it since it was read.
    """
    wanted = request.headers.get("If-Match")
    if wanted is None or wanted.strip() == "*":
        return
    if tag not in [each.strip() for each in wanted.split(",")]:
        raise Problem(412, "changed_meanwhile", "somebody changed this meanwhile: read it again")
