"""The one question that every stream reader asks: could the end of this be the beginning of that?"""


def held_at_end(buffer: bytes, pattern: bytes) -> int:
    """Return how many of the last bytes of `buffer` could be the beginning of `pattern`, never all of it."""
    for size in range(min(len(pattern) - 1, len(buffer)), 0, -1):
        if buffer.endswith(pattern[:size]):
            return size
    return 0
