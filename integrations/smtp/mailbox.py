"""The mailbox that the hub writes from: its connections, kept while there is something to send."""

import asyncio
import contextlib
import re
import ssl
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiosmtplib

from irzhub.api import Clock

from .diagnosis import Stage, diagnose
from .message import Letter
from .services import Tls
from .troubles import MailTrouble, readable

_CONNECTIONS: Final = 2
_IDLE_S: Final = 20.0
_QUIT_S: Final = 2.0
_LOCKED_OUT_S: Final = 120.0
"""After a refused password nobody tries again for so long: servers lock mailboxes that are knocked at."""
_HANGS_UP: Final = 421
"""The server says goodbye with it; numbers below it are no refusal but nonsense."""
_SIZE: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_FAILURES: Final = (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where and as whom letters are handed in.

    Args:
        greeting: the name that the hub gives itself, a domain.
        timeout_s: for each step of the talk.
        letters, period_s: so many letters in so many seconds at the most; 0: any number.
    """

    host: str
    port: int
    tls: Tls
    greeting: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    timeout_s: float = 30.0
    largest: int = 20 * 1024 * 1024
    letters: int = 0
    period_s: float = 0.0


class Mailbox:
    """Hands letters to a mail server over at most two connections; `send` may be called at any time, many at once."""

    def __init__(self, account: Account, clock: Clock) -> None:
        self._account = account
        self._clock = clock
        self._turns = asyncio.Semaphore(_CONNECTIONS)
        self._idle: list[tuple[float, aiosmtplib.SMTP]] = []
        self._context: ssl.SSLContext | None = None
        self._locked_out: tuple[float, MailTrouble] | None = None
        self._sent: deque[float] = deque()

    async def send(self, letter: Letter) -> str:
        """Hand in a letter and return what the server said to it, such as `2.0.0 Ok: queued as 4F2A`.

        Raises:
            MailTrouble: it was not taken, or nobody knows.
        """
        if len(letter.content) > self._account.largest:
            raise MailTrouble("size", f"{len(letter.content)} bytes, allowed are {self._account.largest}")
        self._count()
        async with self._turns:
            while True:
                async with self._connection() as (connection, is_kept):
                    said = await self._hand_in(connection, letter, is_kept=is_kept)
                if said is not None:
                    return said

    async def check(self) -> str:
        """Connect and sign in, without a letter; return what the server calls itself.

        Raises:
            MailTrouble: it did not go well.
        """
        self._locked_out = None  # somebody has just corrected the password
        connection = await self._open()
        said = str(connection.last_ehlo_response.message if connection.last_ehlo_response else "")
        await _leave(connection)
        return readable(said.splitlines()[0]) if said else ""

    async def close(self) -> None:
        """Say goodbye to the server."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(_leave(connection) for _, connection in idle))

    def _count(self) -> None:
        if not self._account.letters:
            return
        now = self._clock.monotonic()
        while self._sent and self._sent[0] <= now - self._account.period_s:
            self._sent.popleft()
        if len(self._sent) >= self._account.letters:
            raise MailTrouble("limit", retry_after_s=max(1.0, self._sent[0] + self._account.period_s - now))
        self._sent.append(now)

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[tuple[aiosmtplib.SMTP, bool]]:
        """Lend a connection, a kept one where there is one; it is kept again when nothing went wrong on it."""
        connection = self._take()
        is_kept = connection is not None
        if connection is None:
            connection = await self._open()
        try:
            yield connection, is_kept
        except MailTrouble:
            self._keep(connection)  # it was about the letter; what broke the connection has closed it too
            raise
        except BaseException:
            connection.close()
            raise
        self._keep(connection)

    def _keep(self, connection: aiosmtplib.SMTP) -> None:
        if connection.is_connected:
            self._idle.append((self._clock.monotonic(), connection))
            asyncio.get_running_loop().call_later(_IDLE_S + 1.0, self._drop_old)

    def _drop_old(self) -> None:
        young = self._clock.monotonic() - _IDLE_S
        for each in [each for each in self._idle if each[0] <= young]:
            self._idle.remove(each)
            each[1].close()

    def _take(self) -> aiosmtplib.SMTP | None:
        while self._idle:
            since, connection = self._idle.pop()
            if connection.is_connected and self._clock.monotonic() - since < _IDLE_S:
                return connection
            connection.close()
        return None

    async def _open(self) -> aiosmtplib.SMTP:
        account = self._account
        if self._locked_out is not None and self._clock.monotonic() < self._locked_out[0]:
            raise self._locked_out[1]
        if self._context is None and account.tls != "none":
            self._context = await asyncio.to_thread(_tls_context, account.ca_file)
        connection = aiosmtplib.SMTP(
            hostname=account.host,
            port=account.port,
            local_hostname=account.greeting,
            timeout=account.timeout_s,
            use_tls=account.tls == "tls",
            start_tls=False,  # the library would send in the clear where nobody offers it
            tls_context=self._context,
        )
        stage: Stage = "connect"
        try:
            await connection.connect()
            await connection.ehlo()
            if account.tls == "starttls":
                stage = "starttls"
                if not connection.supports_extension("starttls"):
                    raise MailTrouble("no_starttls")
                await connection.starttls(tls_context=self._context)
                await connection.ehlo()
            if account.username is not None:
                stage = "login"
                await connection.login(account.username, account.password or "")
        except MailTrouble:
            connection.close()
            raise
        except _FAILURES as error:
            connection.close()
            trouble = diagnose(error, stage, account.port, account.tls)
            if trouble.kind == "password":
                self._locked_out = (self._clock.monotonic() + _LOCKED_OUT_S, trouble)
            raise trouble from error
        except BaseException:
            connection.close()
            raise
        return connection

    async def _hand_in(self, connection: aiosmtplib.SMTP, letter: Letter, *, is_kept: bool) -> str | None:
        """Hand a letter in; None when the server had hung up meanwhile, before it heard of it."""
        account = self._account
        allowed = connection.esmtp_extensions.get("size", "")
        if _SIZE.fullmatch(allowed) and 0 < int(allowed) < len(letter.content):
            raise MailTrouble("size", f"{len(letter.content)} bytes, the server takes {allowed}")
        options = [f"SIZE={len(letter.content)}"] if connection.supports_extension("size") else []
        stage: Stage = "sender"
        try:
            await connection.mail(letter.sender, options=options)
            stage = "recipient"
            await connection.rcpt(letter.recipient)
            stage = "letter"
            return (await connection.data(letter.content)).message
        except _FAILURES as error:
            if is_kept and stage == "sender" and isinstance(error, aiosmtplib.SMTPServerDisconnected):
                connection.close()
                return None
            trouble = diagnose(error, stage, account.port, account.tls)
            if isinstance(error, aiosmtplib.SMTPResponseException) and error.code > _HANGS_UP:
                await _forget(connection)
            else:
                connection.close()
            raise trouble from error


async def _forget(connection: aiosmtplib.SMTP) -> None:
    """Have the server forget a letter that it refused; one that cannot even do that is of no use any more."""
    try:
        await connection.rset()
    except _FAILURES:
        connection.close()


async def _leave(connection: aiosmtplib.SMTP) -> None:
    with contextlib.suppress(*_FAILURES):
        await connection.quit(timeout=_QUIT_S)
    connection.close()


def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
