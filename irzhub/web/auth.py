"""Bearer tokens: who calls, with which role. Nothing else signs in here, so no cookie can be misused."""

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from aiohttp import web

from irzhub.core.clock import Clock
from irzhub.web.caller import caller_address
from irzhub.web.identity import Identity, Scope, may_see
from irzhub.web.problem import Problem
from irzhub.web.throttle import Throttle, network_of

__all__ = ["FindToken", "Identity", "KnownToken", "Scope", "TokenCheck", "may_see", "unauthorized"]

_CACHE_S: Final = 0.5
"""How long a token is believed without a look into the store; a revoked one is dead after it."""
_CACHED: Final = 1024
_LONGEST: Final = 512


@dataclass(frozen=True, slots=True)
class KnownToken:
    """A token as the store knows it: `digest` is SHA-256 of the token in hex."""

    digest: str
    identity: Identity


FindToken: TypeAlias = Callable[[str], Awaitable[KnownToken | None]]
"""Looks a token up by its digest; None when there is none, it is revoked or over."""


@dataclass(slots=True)
class TokenCheck:
    """Tells who shows a token.

    A source that shows bad tokens is slowed down (429); tokens that were good a moment ago go on to be
    looked up, so nobody who shares an address with a guesser is locked out.
    """

    find: FindToken
    clock: Clock
    proxies: tuple[str, ...] = ()
    throttle: Throttle = field(default_factory=Throttle)
    _seen_good: OrderedDict[str, tuple[float, Identity]] = field(default_factory=OrderedDict)

    async def identify(self, request: web.Request) -> Identity | None:
        """Return whose token a request carries, None when it carries none.

        Raises:
            Problem: 401 the token is not good, 429 too many of them came from there.
        """
        if (header := request.headers.get("Authorization")) is None:
            return None
        scheme, _, token = header.partition(" ")
        token = token.strip()
        source = network_of(caller_address(request, self.proxies))
        if scheme.lower() != "bearer" or not token or len(token) > _LONGEST or not token.isascii():
            self.throttle.failed(source, self.clock.monotonic())
            raise unauthorized("expected Authorization: Bearer TOKEN")
        return await self._check(hashlib.sha256(token.encode()).hexdigest(), source)

    def forget(self) -> None:
        """Look every token up again at its next use: an account changed."""
        # The cached ones stay known as good, so that nobody who shares an address with a guesser is locked out.
        for digest, (_, identity) in self._seen_good.items():
            self._seen_good[digest] = (-_CACHE_S, identity)

    async def _check(self, digest: str, source: str) -> Identity:
        now = self.clock.monotonic()
        cached = self._seen_good.get(digest)
        if cached is not None and now - cached[0] < _CACHE_S:
            return cached[1]
        if cached is None and (wait_s := self.throttle.wait_s(source, now)) > 0:
            raise Problem(
                429,
                "too_many_bad_tokens",
                "too many bad tokens came from this address",
                headers={"Retry-After": str(int(wait_s) + 1)},
            )
        found = await self.find(digest)
        if found is None or not hmac.compare_digest(found.digest, digest):
            self._seen_good.pop(digest, None)
            self.throttle.failed(source, now)
            raise unauthorized("this token is unknown, revoked or expired", 'error="invalid_token"')
        identity = found.identity
        self._seen_good[digest] = (now, identity)
        self._seen_good.move_to_end(digest)
        if len(self._seen_good) > _CACHED:
            self._seen_good.popitem(last=False)
        return identity


def unauthorized(detail: str, parameters: str = "") -> Problem:
    """Return the 401 that asks for a token."""
    challenge = 'Bearer realm="irzhub"' + (f", {parameters}" if parameters else "")
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": challenge})
