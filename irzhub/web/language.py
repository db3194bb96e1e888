"""In which language a browser is answered."""

from collections.abc import Collection


def choose_language(asked: str | None, accepted: str | None, default: str, known: Collection[str]) -> str:
    """Return one of `known`: what was asked for, else the best of Accept-Language (RFC 9110 12.5.4), else `default`."""
    if asked is not None and asked in known:
        return asked
    wishes = [_wish(part) for part in (accepted or "").split(",")[:20]]
    for _, name in sorted(wishes, key=lambda wish: -wish[0]):
        if name in known:
            return name
    return default if default in known else next(iter(known))


def _wish(part: str) -> tuple[float, str]:
    name, _, parameters = part.strip().partition(";")
    weight = parameters.strip().removeprefix("q=") or "1"
    try:
        quality = float(weight)
    except ValueError:
        quality = 0.0
    return (quality if 0 <= quality <= 1 else 0.0), name.strip().partition("-")[0].lower()
