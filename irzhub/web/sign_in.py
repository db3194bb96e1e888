"""People who sign in: passwords, the second factor, and the session that a browser then has."""

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from irzhub.config.settings import SignIn
from irzhub.core.clock import Clock
from irzhub.core.ulid import new_ulid
from irzhub.storage.accounts import UserRow, get_user, save_user
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.web_sessions import (
    SessionRow,
    add_session,
    end_session,
    find_session,
    purge_sessions,
    touch_session,
)
from irzhub.web.auth import unauthorized
from irzhub.web.passwords import PasswordCheck
from irzhub.web.problem import Problem
from irzhub.web.throttle import LoginThrottle, Throttle
from irzhub.web.totp import matching_step, recovery_digest

_CACHE_S: Final = 0.5
_CACHED: Final = 1024
_TOUCH_S: Final = 60.0
_LONGEST_COOKIE: Final = 128


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session with its user; `cookie` only in the answer to the sign-in, for the browser to keep."""

    user: UserRow
    session: SessionRow
    cookie: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody who wants to sign in: from the address `source`, with a browser that calls itself `agent`."""

    name: str
    password: str = field(repr=False)
    code: str | None = field(repr=False)
    source: str
    agent: str


@dataclass(slots=True)
class SignInDesk:
    """Lets people in and knows who is in.

    What changes accounts calls `forget`, so that it counts with the next request; what the command line
    changes counts within half a second.
    """

    store: LocalStore
    rule: SignIn
    clock: Clock
    passwords: PasswordCheck = field(default_factory=PasswordCheck)
    throttle: LoginThrottle = field(default_factory=LoginThrottle)
    sources: Throttle = field(default_factory=Throttle)
    _cache: OrderedDict[str, tuple[float, SignedIn]] = field(default_factory=OrderedDict)

    async def sign_in(self, attempt: Attempt, old_cookie: str | None) -> SignedIn:
        """Check a name, a password and where it is due a code; open a session under a fresh id.

        Raises:
            Problem: 401 one of them is wrong, or a code is missing; 429 too many tries; 503 too many at once.
        """
        now = self.clock.monotonic()
        wait_s = max(self.throttle.begin(attempt.name, attempt.source, now), self.sources.wait_s(attempt.source, now))
        if wait_s > 0:
            raise _later(429, "too_many_tries", "too many tries to sign in", wait_s)
        if self.passwords.is_busy:
            raise _later(503, "busy", "too many people sign in at this moment", 2)
        user = await self.store.read(lambda connection: get_user(connection, attempt.name))
        known_hash = None if user is None or user.disabled else user.password_hash
        if not await self.passwords.is_right(attempt.password, known_hash):
            self.sources.failed(attempt.source, now)
            raise wrong_password()
        signed_in = await self._open(attempt, known_hash, old_cookie, needs_code=True)
        self.throttle.succeeded(attempt.name, attempt.source)
        return signed_in

    async def reopen(self, attempt: Attempt, known_hash: str) -> SignedIn:
        """Open a session for somebody who was signed in a moment ago; no code is asked for again.

        Raises:
            Problem: 401, the account changed meanwhile.
        """
        return await self._open(attempt, known_hash, None, needs_code=False)

    async def _open(
        self, attempt: Attempt, known_hash: str | None, old_cookie: str | None, *, needs_code: bool
    ) -> SignedIn:
        cookie = secrets.token_urlsafe(32)
        now = self.clock.now()
        row = SessionRow(
            id_hash=_digest(cookie),
            user=attempt.name,
            csrf=secrets.token_urlsafe(32),
            peer=attempt.source[:64],
            created_at=now,
            last_seen=now,
            expires_at=now + timedelta(seconds=self.rule.limit_s),
            id=new_ulid(int(now.timestamp() * 1000)),
            agent=attempt.agent[:200],
        )

        def job(connection: Connection) -> UserRow:
            user = get_user(connection, attempt.name)
            if user is None or user.disabled or user.password_hash != known_hash:
                raise wrong_password()
            if needs_code:
                user = use_code(user, attempt.code, now.timestamp())
            user = replace(user, last_login=now)
            save_user(connection, user)
            if old_cookie is not None and (old := find_session(connection, _digest(old_cookie))) is not None:
                end_session(connection, old.id)
            purge_sessions(connection, now, now - timedelta(seconds=self.rule.idle_s))
            add_session(connection, row)
            return user

        user = await self.store.write(job)
        self.forget()
        return SignedIn(user, row, cookie)

    async def find(self, cookie: str) -> SignedIn | None:
        """Return whose session a cookie is, None when it is nobody's or its time is over."""
        if len(cookie) > _LONGEST_COOKIE:
            return None
        digest, now = _digest(cookie), self.clock.monotonic()
        cached = self._cache.get(digest)
        if cached is not None and now - cached[0] < _CACHE_S:
            return cached[1]
        self._cache.pop(digest, None)
        found = await self.store.read(lambda connection: _find(connection, digest))
        if found is None or found.user.disabled or not self.is_alive(found.session):
            return None
        if (self.clock.now() - found.session.last_seen).total_seconds() >= _TOUCH_S:
            await self.store.write(lambda connection: touch_session(connection, digest, self.clock.now()))
        self._cache[digest] = (now, found)
        if len(self._cache) > _CACHED:
            self._cache.popitem(last=False)
        return found

    def is_alive(self, session: SessionRow) -> bool:
        """Say whether a session's time is not over, neither the whole nor that without a request."""
        now = self.clock.now()
        idle_s = (now - session.last_seen).total_seconds()
        return now < session.expires_at and idle_s < self.rule.idle_s

    def forget(self) -> None:
        """Look everybody up again at the next request."""
        self._cache.clear()


def use_code(user: UserRow, code: str | None, now: float) -> UserRow:
    """Return the user after a code of the second factor was used, the same one where there is none.

    Raises:
        Problem: 401, a code is due and missing, wrong, or was used before.
    """
    if user.totp_secret is None:
        return user
    if not code:
        raise Problem(401, "code_required", "expected a code of the second factor too", headers=_CHALLENGE)
    step = matching_step(user.totp_secret, code.strip(), now, user.totp_step)
    if step is not None:
        return replace(user, totp_step=step)
    if (digest := recovery_digest(code)) in user.recovery_codes:
        return replace(user, recovery_codes=tuple(each for each in user.recovery_codes if each != digest))
    raise Problem(401, "wrong_code", "this code is wrong, over or was used before", headers=_CHALLENGE)


def wrong_password() -> Problem:
    """Return the answer to a wrong name and to a wrong password: one and the same."""
    return Problem(401, "wrong_name_or_password", "the name or the password is wrong", headers=_CHALLENGE)


_CHALLENGE: Final = unauthorized("").headers


def _find(connection: Connection, digest: str) -> SignedIn | None:
    if (session := find_session(connection, digest)) is None:
        return None
    user = get_user(connection, session.user)
    return None if user is None else SignedIn(user, session)


def _later(status: int, code: str, detail: str, wait_s: float) -> Problem:
    return Problem(status, code, detail, headers={"Retry-After": str(int(wait_s) + 1)})


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
