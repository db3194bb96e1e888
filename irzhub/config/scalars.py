"""Plain YAML words by the strict rules of YAML 1.2, so that what stands in the file is what the hub gets.

YAML 1.1, which most libraries speak, reads `no` as false, `0123` as 83 and `12:30` as 750. Here they
are texts; only `true`, `false`, `null` and numbers in the usual decimal form are anything else.
"""

import re
from typing import Any, Final

_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS: Final = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
# A number with a leading zero is a text: it is a PIN or a phone number, and its zero counts.
# Eighteen digits fit into 64 bits; what is longer is no number that the hub could mean.
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}([eE][-+]?[0-9]{1,2})?", re.ASCII)


def resolve_scalar(word: str) -> Any:
    """Return what an unquoted word means: None, a boolean, a number, or the word itself."""
    if word in _NULL:
        return None
    if word in _BOOLEANS:
        return _BOOLEANS[word]
    if _INTEGER.fullmatch(word):
        return int(word)
    if _FLOAT.fullmatch(word):
        return float(word)
    return word
