"""Whether a modem gave the right password (RELIABILITY S02)."""

import hashlib
import hmac
from typing import Final

FAILURES: Final = 5
PERIOD_S: Final = 600.0
_SLOW_S: Final = 15.0
_KEPT_LIMIT: Final = 10_000


def is_right(rule: str | None, password: str | None) -> bool:
    """Judge the PSW of a hello by `ModemSettings.password`, in constant time; a rule nobody knows lets nobody in."""
    if rule is None:
        return True
    kind, _, rest = rule.partition(":")
    given = (password or "").encode()
    if kind == "plain":
        return hmac.compare_digest(rest.encode(), given)
    if kind == "sha256":
        salt, _, digest = rest.partition(":")
        return hmac.compare_digest(digest.lower().encode(), hashlib.sha256(salt.encode() + given).hexdigest().encode())
    return False


class _Failures:
    """Wrong passwords of one source for one modem: since when, how many, when the last was looked at."""

    __slots__ = ("count", "judged_at", "since")

    def __init__(self, since: float) -> None:
        self.since = since
        self.count = 0
        self.judged_at = since


class PasswordGuard:
    """Slows down who tries passwords, without locking the real modem out.

    Five wrong ones in ten minutes for one modem from one address: from then on one try in 15 s is looked
    at and all others are turned away unseen, so that a modem behind the same carrier's address still gets in.
    """

    def __init__(self) -> None:
        self._failures: dict[tuple[str, str], _Failures] = {}

    def judge(self, modem: str, source: str, rule: str | None, password: str | None, now: float) -> str:
        """Return why the dial-in is turned away, or an empty text when its password is right."""
        key = (modem, source)
        failures = self._failures.get(key)
        if failures is not None and now - failures.since > PERIOD_S:
            del self._failures[key]
            failures = None
        if failures is not None and failures.count >= FAILURES and now - failures.judged_at < _SLOW_S:
            return "too many wrong passwords"
        if is_right(rule, password):
            self._failures.pop(key, None)
            return ""
        if failures is None:
            if len(self._failures) >= _KEPT_LIMIT:
                del self._failures[next(iter(self._failures))]
            failures = self._failures[key] = _Failures(now)
        failures.count += 1
        failures.judged_at = now
        return "wrong password"

    def forget(self, modem: str) -> None:
        """The modem's password was set anew: all its failures are void."""
        for key in [key for key in self._failures if key[0] == modem]:
            del self._failures[key]
