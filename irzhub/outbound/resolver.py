"""Looks a name up once, checks every address that it has, and gives the client those and no others."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult

from irzhub.outbound.errors import TargetRefused
from irzhub.outbound.rules import Rules

Lookup: TypeAlias = Callable[[str, int], Awaitable[list[str]]]
"""Gives the addresses of a name; raises `OSError` when there are none."""


async def system_lookup(host: str, port: int) -> list[str]:
    """Ask the machine's resolver; it works in a thread of its own.

    Raises:
        OSError: the name has no address, or the resolver does not answer.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class CheckedResolver(AbstractResolver):
    """The resolver of the one HTTP client.

    What it returns is what the client connects to: a name that means another address the next moment (DNS
    rebinding) is looked up and checked again, or not at all. One bad address among good ones spoils them all.
    """

    def __init__(self, rules: Rules, lookup: Lookup, *, is_plain: bool) -> None:
        self._rules = rules
        self._lookup = lookup
        self._is_plain = is_plain

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        addresses = await self._lookup(host, port)
        for address in addresses:
            try:
                self._rules.check_address(address, port, is_plain=self._is_plain)
            except TargetRefused as error:
                raise Forbidden(f"{host} is not called: {error}") from None
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
            if family in (socket.AF_UNSPEC, socket.AF_INET6 if ":" in address else socket.AF_INET)
        ]

    async def close(self) -> None:
        pass  # nothing is kept


class Forbidden(OSError):
    """An address that the rules forbid, in the form in which it comes through the client."""
