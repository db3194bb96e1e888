"""Until when a certificate is good, read from its own bytes (X.509, RFC 5280 4.1), so that its end surprises nobody."""

import ssl
from datetime import UTC, datetime
from typing import Final

_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_END: Final = "-----END CERTIFICATE-----"
_UTC_TIME: Final = 0x17
_GENERAL_TIME: Final = 0x18
_VERSION: Final = 0xA0


def good_until(pem: str) -> datetime:
    """Return when the first certificate of a PEM file ends.

    Raises:
        ValueError: there is none, or it cannot be read.
    """
    begin, end = pem.find(_BEGIN), pem.find(_END)
    if begin < 0 or end < 0:
        raise ValueError("expected a PEM certificate")
    try:
        _, certificate, _ = _element(ssl.PEM_cert_to_DER_cert(pem[begin : end + len(_END)]))
        _, rest, _ = _element(certificate)
        tag, _, after = _element(rest)
        skipped = 3 if tag == _VERSION else 2  # version where it stands, serial number, algorithm, issuer
        rest = after
        for _ in range(skipped):
            rest = _element(rest)[2]
        _, validity, _ = _element(rest)
        tag, text, _ = _element(_element(validity)[2])
    except IndexError:
        raise ValueError("expected a whole X.509 certificate") from None
    form = {_UTC_TIME: "%y%m%d%H%M%SZ", _GENERAL_TIME: "%Y%m%d%H%M%SZ"}.get(tag, "")
    return datetime.strptime(text.decode("ascii"), form).replace(tzinfo=UTC)


def _element(der: bytes) -> tuple[int, bytes, bytes]:
    """Return the tag and content of the first element of DER, and what stands behind it."""
    tag, size, start = der[0], der[1], 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(der[2:start], "big")
    return tag, der[start : start + size], der[start + size :]
