"""Mail servers: one that works as others do (aiosmtpd), one that says and does what a test tells it to."""

import asyncio
import contextlib
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from irzhub.core.services import Delivery
from tests.mosquitto import TlsPair, make_certificate


def delivery(**about: Any) -> Delivery:
    """Return a message for one person."""
    base: dict[str, Any] = {"id": "01K9ZZZZZZZZZZZZZZZZZZZZZZ", "to": "duty@example.ru", "text": "дверь открыта"}
    return Delivery(**(base | {"subject": "Дверь"} | about))


@dataclass
class Postman:
    """What a good server takes in; refuses the users that it does not know."""

    letters: list[Envelope] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.letters.append(envelope)
        self.sessions.append(session)
        return f"250 2.0.0 Ok: queued as {len(self.letters)}"

    def authenticate(self, *about: Any) -> AuthResult:
        given = about[-1]
        assert isinstance(given, LoginPassword)
        return AuthResult(success=(given.login, given.password) == (b"hub@example.ru", b"right"))

    def read(self, number: int = -1) -> EmailMessage:
        """Return a letter as a mail program reads it."""
        content = self.letters[number].original_content
        assert content is not None
        found = message_from_bytes(content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


@dataclass
class MailServer:
    """A server of aiosmtpd on loopback."""

    port: int
    postman: Postman


@contextlib.asynccontextmanager
async def mail_server(pair: TlsPair | None = None, mode: str = "none", **about: Any) -> AsyncIterator[MailServer]:
    """Run a good mail server; `mode` as the setting `tls`."""
    loop = asyncio.get_running_loop()
    postman = Postman()
    context = None
    if pair is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        await asyncio.to_thread(context.load_cert_chain, pair.certificate, pair.key)
    made: list[SMTP] = []

    def protocol() -> SMTP:
        made.append(
            SMTP(
                postman,
                hostname="mail.example",
                loop=loop,
                authenticator=postman.authenticate,
                auth_require_tls=mode == "starttls",
                tls_context=context if mode == "starttls" else None,
                require_starttls=mode == "starttls",
                **about,
            )
        )
        return made[-1]

    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context if mode == "tls" else None)
    try:
        yield MailServer(server.sockets[0].getsockname()[1], postman)
    finally:
        server.close()
        for each in made:
            if each.transport is not None:
                each.transport.close()
        await server.wait_closed()
        await asyncio.sleep(0)


_USUAL: Final = {
    "greeting": b"220 mail.example ESMTP\r\n",
    "EHLO": b"250-mail.example\r\n250-8BITMIME\r\n250 SIZE 1000000\r\n",
    "DATA": b"354 go on\r\n",
    "dot": b"250 2.0.0 Ok: queued\r\n",
    "QUIT": b"221 bye\r\n",
}


@dataclass
class Script:
    """What a server says to each verb, and to single recipients; None: nothing at all, empty: it hangs up.

    `said` are the commands that came, `letters` what came between DATA and the dot, `talks` how many connections.
    """

    port: int = 0
    answers: dict[str, bytes | None] = field(default_factory=dict)
    recipients: dict[str, bytes | None] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    talks: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    before: Callable[[str], None] = lambda verb: None

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.talks += 1
        self.writers.append(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._say(writer, "greeting")
            while line := (await reader.readline()).decode(errors="replace").rstrip("\r\n"):
                verb = line.partition(" ")[0].upper()
                self.said.append(line)
                self.before(verb)
                about = line.partition("<")[2].partition(">")[0] if verb == "RCPT" else ""
                await self._say(writer, verb, about)
                if verb == "DATA" and self.answers.get("DATA", b"354").startswith(b"354"):  # type: ignore[union-attr]
                    self.letters.append(await reader.readuntil(b"\r\n.\r\n"))
                    await self._say(writer, "dot")
        writer.close()

    async def _say(self, writer: asyncio.StreamWriter, verb: str, recipient: str = "") -> None:
        usual = self.answers.get(verb, _USUAL.get(verb, b"250 2.0.0 Ok\r\n"))
        answer = self.recipients.get(recipient, usual)
        if answer is None:
            await asyncio.Event().wait()
        elif answer == b"":
            writer.transport.abort()
            raise ConnectionError
        else:
            writer.write(answer)
            await writer.drain()


@pytest.fixture
async def script() -> AsyncIterator[Script]:
    """A server that does what the test says."""
    told = Script()
    tasks: list[asyncio.Task[None]] = []

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.append(asyncio.get_running_loop().create_task(told.talk(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    told.port = server.sockets[0].getsockname()[1]
    yield told
    server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for writer in told.writers:
        writer.close()
    await server.wait_closed()


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> TlsPair:
    """A certificate for localhost."""
    return make_certificate(tmp_path_factory.mktemp("mail"), "localhost")


def expired(folder: Path) -> TlsPair:
    """Return a certificate for localhost that is not good any more."""
    found = TlsPair(folder / "old.crt", folder / "old.key")
    request, names = folder / "old.csr", folder / "names"
    names.write_text("subjectAltName=DNS:localhost")
    asked = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost"]
    signed = ["x509", "-req", "-in", str(request), "-signkey", str(found.key), "-days", "-1", "-extfile", str(names)]
    for command in (
        [*asked, "-keyout", str(found.key), "-out", str(request)],
        [*signed, "-out", str(found.certificate)],
    ):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    return found
