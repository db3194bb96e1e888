"""The driver of iRZ ATM modems."""

from collections.abc import Mapping
from typing import Final

from irzhub.codec.driver import Connection, Hello, HelloReader, Match
from irzhub.codec.irz.commands import TEMPLATES
from irzhub.codec.irz.connection import IrzConnection
from irzhub.codec.irz.hello import DRIVER_NAME, HELLO_START, IrzHelloReader

#: 3.5 times the minute between keepalives (`docs/protocol.md` 1.4).
KEEPALIVE_TIMEOUT_S: Final = 210.0


class IrzDriver:
    """Modems that begin with `AT$IMEI=`.

    Args:
        answer_end: the bytes behind the answer to a hello, a CR or CR LF.
        templates: text commands, see `irzhub.codec.irz.commands.TEMPLATES`.
    """

    def __init__(self, answer_end: bytes = b"\r", templates: Mapping[str, str | None] = TEMPLATES) -> None:
        self._answer_end = answer_end
        self._templates = templates

    @property
    def name(self) -> str:
        """`irz`."""
        return DRIVER_NAME

    def detect(self, first_bytes: bytes) -> Match:
        """Say whether these bytes begin a hello; line ends before it do not count."""
        beginning = first_bytes.lstrip(b"\r\n")[: len(HELLO_START)]
        if beginning == HELLO_START:
            return Match.YES
        return Match.MAYBE if HELLO_START.startswith(beginning) else Match.NO

    def read_hello(self) -> HelloReader:
        """Return a new reader for one socket."""
        return IrzHelloReader()

    def connect(self, hello: Hello) -> Connection:
        """Return the connection for a session that began with `hello`."""
        return IrzConnection(hello, self._answer_end, self._templates)

    @property
    def default_keepalive_timeout_s(self) -> float | None:
        """3.5 minutes."""
        return KEEPALIVE_TIMEOUT_S
