"""Pages of lists that are short enough to be held in memory: users, tokens, organisations and the like."""

from collections.abc import Iterable
from typing import Any

from pydantic import ConfigDict, Field

from irzhub.web.models import Closed, Told


class ListQuery(Closed):
    """How a short list is asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = Field(default=None, max_length=200, description="the `next` of the page before")
    filter: str | None = Field(
        default=None, max_length=200, description="words with spaces between; each stands in a text of the object"
    )


class ListPage(Told):
    """One page of a short list."""

    items: list[dict[str, Any]]
    next: str | None = Field(description="`cursor` of the next page, null on the last one")
    total: int = Field(description="how many match the filter now")


def list_page(items: Iterable[dict[str, Any]], key: str, query: ListQuery) -> dict[str, Any]:
    """Return one page of objects in the order of their `key`, a text that no two share."""
    words = (query.filter or "").casefold().split()
    matching = sorted((each for each in items if _matches(each, words)), key=lambda each: str(each[key]))
    behind = [each for each in matching if query.cursor is None or str(each[key]) > query.cursor]
    page = behind[: query.limit]
    following = str(page[-1][key]) if len(behind) > len(page) else None
    return {"items": page, "next": following, "total": len(matching)}


def _matches(item: dict[str, Any], words: list[str]) -> bool:
    texts = [str(value).casefold() for value in item.values() if isinstance(value, str)]
    return all(any(word in text for text in texts) for word in words)
