"""The end of a certificate, as openssl itself says it."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from irzhub.web.certificate import good_until


@pytest.mark.parametrize("days", [10, 365 * 40])
def test_the_end_of_a_real_certificate(tmp_path: Path, days: int) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command = [
        "openssl",
        "req",
        "-x509",
        *kind,
        "-keyout",
        str(key),
        "-out",
        str(certificate),
        "-days",
        str(days),
        "-subj",
        "/CN=x",
    ]
    subprocess.run(command, check=True, capture_output=True)

    until = good_until(certificate.read_text())

    assert abs(until - (datetime.now(UTC) + timedelta(days=days))) < timedelta(minutes=2)


@pytest.mark.parametrize("text", ["", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a"):
        good_until(text)
