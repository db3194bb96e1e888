"""The certificate: loaded, exchanged while serving, and left alone when the new one is of no use."""

import os
import ssl
from pathlib import Path

import pytest

from irzhub.config.settings import TlsFiles
from irzhub.core.bus import Bus
from irzhub.core.exceptions import StartError
from irzhub.core.health import Health
from irzhub.web.tls import CertificateWatch, open_certificate, server_context
from tests.web.test_app import make_certificate


def touch(path: Path, seconds: int) -> None:
    os.utime(path, (seconds, seconds))


def test_a_new_pair_is_loaded_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    watch = open_certificate(make_certificate(tmp_path))
    watch.look()
    assert caplog.messages == []

    make_certificate(tmp_path)
    touch(watch.files.certificate, 2_000_000_000)
    watch.look()
    watch.look()

    assert caplog.messages == [f"the certificate {watch.files.certificate} was replaced"]


def test_half_a_pair_is_not_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    watch = open_certificate(make_certificate(tmp_path))
    other = make_certificate(tmp_path, "other")
    watch.files.key.write_bytes(other.key.read_bytes())
    touch(watch.files.key, 2_000_000_000)

    watch.look()

    assert caplog.messages[0].startswith("the new certificate is not used: web.tls: expected a PEM certificate in ")


def test_a_file_that_is_gone_for_a_moment_is_waited_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    watch = open_certificate(make_certificate(tmp_path))
    kept = watch.files.key.read_bytes()
    watch.files.key.unlink()
    watch.look()
    watch.files.key.write_bytes(kept)
    caplog.set_level("INFO")

    watch.look()

    assert caplog.messages[-1].endswith("was replaced")


def test_tls_older_than_1_2_is_not_spoken(tmp_path: Path) -> None:
    assert server_context(make_certificate(tmp_path)).minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_key_of_another_certificate_stops_the_start(tmp_path: Path) -> None:
    files, other = make_certificate(tmp_path), make_certificate(tmp_path, "other")
    files.key.write_bytes(other.key.read_bytes())

    with pytest.raises(StartError, match="its key in"):
        server_context(files)


@pytest.mark.parametrize(("days", "state"), [(365, "up"), (29, "degraded"), (6, "down"), (-1, "down")])
def test_the_end_of_the_certificate_is_told_in_time(tmp_path: Path, days: float, state: str) -> None:
    health = Health(Bus())
    files = TlsFiles(certificate=tmp_path / "cert.pem", key=tmp_path / "key.pem")
    watch = CertificateWatch(files, ssl.create_default_context(), (0.0, 0.0), health)

    watch._tell(days)
    watch._tell(None)

    part = health.get("certificate")
    assert part is not None
    assert part.state == state
