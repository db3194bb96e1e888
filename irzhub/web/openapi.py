"""The OpenAPI document of this server, for the interface itself and for the documentation."""

import json
from typing import Any

from irzhub.web.openapi_schema import describe
from irzhub.web.routes import ALL_ROUTES


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    return describe(ALL_ROUTES)


def compact_document() -> bytes:
    """Return the document as it is sent."""
    return json.dumps(document(), ensure_ascii=False, separators=(",", ":")).encode()


def document_text() -> str:
    """Return the document as it is kept beside the other pages of the documentation."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"
