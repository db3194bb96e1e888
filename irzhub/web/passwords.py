"""What a password must be, and how it is kept: argon2id, never in clear (SECURITY.md)."""

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import argon2

SHORTEST: Final = 12
LONGEST: Final = 256
_AT_ONCE: Final = 2
_QUEUED: Final = 16
_COMMON: Final = frozenset(
    {
        "password",
        "passw0rd",
        "qwerty",
        "qwertyuiop",
        "qwerty123",
        "letmein",
        "welcome",
        "iloveyou",
        "administrator",
        "changeme",
        "monkey",
        "dragon",
        "abc",
        "admin",
        "root",
        "test",
        "irzhub",
        "йцукен",
        "йцукенг",
        "пароль",
        "qazwsxedc",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "zxcvbnm",
        "asdfghjkl",
    }
)
"""What the usual lists of stolen passwords are made of; those of twelve and more characters repeat or join these."""


def weakness(password: str, user: str) -> str | None:
    """Return in words why `password` will not do for `user`, None when it will."""
    if len(password) < SHORTEST:
        return f"expected at least {SHORTEST} characters (15 and more are better), got {len(password)}"
    if len(password) > LONGEST:
        return f"expected at most {LONGEST} characters, got {len(password)}"
    lowered = password.lower()
    if user.lower() in lowered and len(lowered.replace(user.lower(), "")) < SHORTEST // 2:
        return "expected something else than the user's name with a little around it"
    if len(set(lowered)) < 5 or _is_run(lowered):
        return "expected more than a few characters repeated or in a row"
    if lowered.strip("0123456789!@#$%^&*()-_=+.,? ") in _COMMON or _is_made_of_common(lowered):
        return "expected something that is on no list of common passwords"
    return None


def hash_password(password: str) -> str:
    """Return the argon2id hash in its own text form; takes about a third of a second by design."""
    return argon2.PasswordHasher().hash(password)


def _is_run(text: str) -> bool:
    steps = {ord(second) - ord(first) for first, second in itertools.pairwise(text)}
    # 9 is followed by 0 on the keyboard, hence the second pair.
    return steps <= {1, -9} or steps <= {-1, 9}


def _is_made_of_common(text: str) -> bool:
    for word in sorted(_COMMON, key=len, reverse=True):
        text = text.replace(word, "")
    return len(text.strip("0123456789!@#$%^&*()-_=+.,? ")) == 0


class PasswordCheck:
    """Compares passwords off the loop, two at a time: each takes a third of a second and 64 MiB.

    A name that nobody has is compared with a hash of nothing, so that the answer takes as long.
    """

    def __init__(self) -> None:
        self._hasher = argon2.PasswordHasher()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._nobody: str | None = None
        self.waiting = 0

    @property
    def is_busy(self) -> bool:
        """Whether so many wait already that one more should come again later."""
        return self.waiting >= _QUEUED

    async def is_right(self, password: str, password_hash: str | None) -> bool:
        """Say whether a password belongs to a hash; None for an account that does not exist: never."""
        async with self._turn():
            if self._nobody is None:
                self._nobody = await asyncio.to_thread(hash_password, secrets.token_urlsafe())
            is_equal = await asyncio.to_thread(self._compare, password, password_hash or self._nobody)
        return is_equal and password_hash is not None

    async def hash(self, password: str) -> str:
        """Return the hash of a new password."""
        async with self._turn():
            return await asyncio.to_thread(hash_password, password)

    def _compare(self, password: str, password_hash: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        self.waiting += 1
        try:
            async with self._turns:
                yield
        finally:
            self.waiting -= 1
