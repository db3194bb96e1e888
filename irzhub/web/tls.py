"""TLS of the web from `web.tls`, and the exchange of its certificate without a restart."""

import asyncio
import logging
import ssl
from dataclasses import dataclass, field
from typing import Final

from irzhub.config.settings import TlsFiles
from irzhub.core.clock import Clock, SystemClock
from irzhub.core.exceptions import StartError
from irzhub.core.health import Health
from irzhub.web.certificate import good_until

_log = logging.getLogger(__name__)
_LOOK_S: Final = 60.0
_WARN_DAYS: Final = 30
_ALARM_DAYS: Final = 7
PART: Final = "certificate"


def server_context(files: TlsFiles) -> ssl.SSLContext:
    """Return the context for the server: TLS 1.2 and later, with the certificate and key of `files`.

    Raises:
        StartError: a file is missing or the two do not belong together.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(files.certificate, files.key)
    except (OSError, ssl.SSLError) as error:
        raise StartError(
            f"web.tls: expected a PEM certificate in {files.certificate} and its key in {files.key}: {error}"
        ) from error
    return context


@dataclass(slots=True)
class CertificateWatch:
    """Loads a certificate that was replaced on the disk; connections that are open keep the old one.

    `seen` is when the files were changed last, as far as they are loaded.
    """

    files: TlsFiles
    context: ssl.SSLContext
    seen: tuple[float, float]
    health: Health | None = None
    clock: Clock = field(default_factory=SystemClock)

    async def keep_watching(self, pause_s: float = _LOOK_S) -> None:
        """Look once a minute, for ever."""
        while True:
            self._tell(await asyncio.to_thread(self._days_left))
            await asyncio.sleep(pause_s)
            await asyncio.to_thread(self.look)

    def _days_left(self) -> float | None:
        """Return for how many days the certificate is good, None when it does not say."""
        try:
            until = good_until(self.files.certificate.read_text("ascii", "replace"))
        except (OSError, ValueError):
            return None
        return (until - self.clock.now()).total_seconds() / 86400

    def _tell(self, days_left: float | None) -> None:
        """Say on the status page how long it is good: a month before the end, and louder in the last week."""
        if self.health is None or days_left is None:
            return
        if days_left >= _WARN_DAYS:
            self.health.set(PART, "up", f"the certificate is good for {days_left:.0f} days")
            return
        text = "the certificate has ended" if days_left < 0 else f"the certificate ends in {days_left:.0f} days"
        self.health.set(PART, "down" if days_left < _ALARM_DAYS else "degraded", f"{text}: {self.files.certificate}")

    def look(self) -> None:
        """Load the files when they are others now; files that cannot be used are left out, with a line in the log."""
        now = changed_at(self.files)
        if now == self.seen:
            return
        self.seen = now
        try:
            # Tried apart first: half a pair must not spoil the context that serves.
            server_context(self.files)
            self.context.load_cert_chain(self.files.certificate, self.files.key)
        except (StartError, OSError) as error:
            _log.error("the new certificate is not used: %s", error)
        else:
            _log.info("the certificate %s was replaced", self.files.certificate)


def open_certificate(files: TlsFiles, health: Health | None = None) -> CertificateWatch:
    """Load the certificate for the first time; reads the disk, so it belongs in a thread.

    Raises:
        StartError: as `server_context`.
    """
    seen = changed_at(files)
    return CertificateWatch(files, server_context(files), seen, health)


def changed_at(files: TlsFiles) -> tuple[float, float]:
    """Return when certificate and key were changed last, zeros while one of them is missing."""
    try:
        return files.certificate.stat().st_mtime, files.key.stat().st_mtime
    except OSError:
        return (0.0, 0.0)
