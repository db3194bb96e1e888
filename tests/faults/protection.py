"""One protection against a fault, as the lists of them hold it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Protection:
    """Without `text`, which stands in `file` once, a test must fail.

    Args:
        without: stands there instead. test: below `tests/`, with its name behind `::`.
        says: a regular expression; what the failed test says must match it, so that it fails for the right reason.
    """

    fault: str
    what: str
    file: str
    text: str
    without: str
    test: str
    says: str
