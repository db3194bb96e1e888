"""The one HTTP client: a request, an answer of bounded length in bounded time, and no detours."""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import SimpleNamespace, TracebackType
from typing import Any, Final, Self

import aiohttp
from yarl import URL

from irzhub.config.settings import OutboundSettings
from irzhub.const import VERSION
from irzhub.core.exceptions import StartError
from irzhub.outbound.errors import NoAnswer, TargetRefused
from irzhub.outbound.resolver import CheckedResolver, Forbidden, Lookup, system_lookup
from irzhub.outbound.rules import Rules
from irzhub.outbound.target import Target, parse_target

ANSWER_S: Final = 5.0
LONGEST_ANSWER: Final = 64 * 1024
_AT_ONCE: Final = 20
_AT_ONCE_TO_ONE: Final = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; redirects are answers like others, nobody follows them.

    Args:
        headers: with names in small letters.
        body: at most 64 KiB.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_good(self) -> bool:
        """Whether the server says that it has done what was asked."""
        return 200 <= self.status < 300


class Outbound:
    """Calls other servers over HTTP, those that `outbound` in irzhub.yaml allows.

    Names are looked up once for each request and every address is checked, then the client connects to the
    checked ones; the socket is checked once more. Through a proxy it is the proxy that looks names up, so
    only hosts of the list are asked of it. There are no redirects, cookies, environment variables or kept connections.
    """

    def __init__(self, settings: OutboundSettings, lookup: Lookup = system_lookup) -> None:
        self._settings = settings
        self._lookup = lookup
        self._rules = Rules.of(settings)
        self._stack = AsyncExitStack()
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        context = await asyncio.to_thread(_tls_context, self._settings)
        async with AsyncExitStack() as stack:
            for scheme in ("http", "https"):
                self._sessions[scheme] = await stack.enter_async_context(self._direct(context, scheme))
            if self._settings.proxy is not None:
                self._sessions["proxy"] = await stack.enter_async_context(_session(_connector(context)))
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()
        self._sessions.clear()

    async def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        timeout_s: float = ANSWER_S,
    ) -> Answer:
        """Send one request and return the answer, whatever its status is.

        Args:
            method: such as `POST`.
            url: http or https, without user.
            body: sent as it is; empty: none.
            headers: beside those that every request has.
            timeout_s: from the look-up of the name to the last byte of the answer.

        Raises:
            TargetRefused: the rules forbid the address, nobody could read it, or a header would break the request.
            NoAnswer: no connection, no answer in time, or one longer than 64 KiB.
        """
        target = parse_target(url)
        for name, value in (headers or {}).items():
            if not (name + value).isprintable():
                raise TargetRefused(f"the header {name!r} holds a control character")
        is_by_proxy = self._check(target)
        sent = SimpleNamespace(is_sent=False)
        session = self._sessions["proxy" if is_by_proxy else target.scheme]
        try:
            async with (
                asyncio.timeout(timeout_s),
                session.request(
                    method,
                    URL(target.url, encoded=True),
                    data=body or None,
                    headers=headers,
                    allow_redirects=False,
                    trace_request_ctx=sent,
                    proxy=self._settings.proxy if is_by_proxy else None,
                ) as answer,
            ):
                return Answer(
                    answer.status,
                    {name.lower(): value for name, value in answer.headers.items()},
                    await _read(answer),
                )
        except _TooLong as error:
            raise NoAnswer(f"{target} {error}", is_sent=True) from None
        except TimeoutError:
            raise NoAnswer(f"{target} did not answer within {timeout_s:g} s", is_sent=sent.is_sent) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if (forbidden := _forbidden(error)) is not None:
                raise TargetRefused(str(forbidden)) from None
            raise NoAnswer(f"{target}: {_words(error)}", is_sent=sent.is_sent) from error

    def _check(self, target: Target) -> bool:
        """Check what can be said before names are looked up; return whether the proxy is to be asked."""
        self._rules.check_host(target.host)
        if target.is_address:
            self._rules.check_address(target.host, target.port, is_plain=target.is_plain)
        if self._settings.proxy is None or (target.is_address and self._rules.is_own(target.host)):
            return False
        if not target.is_address:
            if not self._rules.hosts:
                raise TargetRefused("outbound.hosts must name the hosts that are called through outbound.proxy")
            if target.is_plain and not self._rules.allows_plain:
                raise TargetRefused("only https goes through outbound.proxy, or set outbound.plain_http")
            if self._rules.ports and target.port not in self._rules.ports:
                raise TargetRefused(f"outbound.ports does not name port {target.port}")
        return True

    def _direct(self, context: ssl.SSLContext, scheme: str) -> aiohttp.ClientSession:
        is_plain, rules = scheme == "http", self._rules

        def open_socket(address: Any) -> socket.socket:
            family, kind, protocol, _, sockaddr = address
            try:
                rules.check_address(sockaddr[0], sockaddr[1], is_plain=is_plain)
            except TargetRefused as error:
                raise Forbidden(str(error)) from None
            return socket.socket(family, kind, protocol)

        resolver = CheckedResolver(rules, self._lookup, is_plain=is_plain)
        return _session(_connector(context, resolver=resolver, socket_factory=open_socket))


class _TooLong(Exception):
    """The answer is longer than anybody wants to read."""


def _connector(context: ssl.SSLContext, **more: Any) -> aiohttp.TCPConnector:
    # A connection is used once: a kept one may be dead when the next message goes out, and nobody could say
    # whether that one has arrived.
    return aiohttp.TCPConnector(
        ssl=context,
        use_dns_cache=False,
        force_close=True,
        limit=_AT_ONCE,
        limit_per_host=_AT_ONCE_TO_ONE,
        **more,
    )


def _session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(_note_sent)
    return aiohttp.ClientSession(
        connector=connector,
        headers={"User-Agent": f"irzhub/{VERSION}", "Accept-Encoding": "identity"},
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # 64 KiB of zeros can be 64 MiB
        timeout=aiohttp.ClientTimeout(total=None),  # the request has a deadline of its own
        trust_env=False,
        trace_configs=[trace],
    )


async def _note_sent(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
    context.trace_request_ctx.is_sent = True


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > LONGEST_ANSWER:
            raise _TooLong(f"answered with more than {LONGEST_ANSWER} bytes")
    return body


def _tls_context(settings: OutboundSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=None if settings.ca_file is None else str(settings.ca_file))
    except OSError as error:  # ssl.SSLError is one too
        raise StartError(f"outbound.ca_file {settings.ca_file} cannot be used: {error}") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _forbidden(error: BaseException | None) -> Forbidden | None:
    """Return the rule that stands behind an error of the client, None when there is none."""
    while error is not None:
        if isinstance(error, Forbidden):
            return error
        error = getattr(error, "os_error", None) or error.__cause__ or error.__context__
    return None


def _words(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"its certificate is not trusted: {error.certificate_error}"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name is not known to DNS"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"cannot connect: {error.strerror or error}"
    return " ".join(str(error).split()) or type(error).__name__
