"""The typed bus: publish is synchronous, each subscriber fails alone, subscribe returns unsubscribe."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

_log = logging.getLogger(__name__)
_M = TypeVar("_M")

Unsubscribe = Callable[[], None]


class Bus:
    """Hands each published object to the subscribers of its class and of its base classes.

    Subscribers are called in the order in which they subscribed, in the publisher's own turn of the
    loop, so they must not block; one that raises is logged and the others are called all the same.
    """

    def __init__(self) -> None:
        self._subscribers: dict[type, list[Callable[[Any], None]]] = {}

    def subscribe(self, kind: type[_M], subscriber: Callable[[_M], None]) -> Unsubscribe:
        """Call `subscriber` with every published `kind`; return the function that ends this."""
        subscribers = self._subscribers.setdefault(kind, [])
        subscribers.append(subscriber)

        def unsubscribe() -> None:
            if subscriber in subscribers:
                subscribers.remove(subscriber)

        return unsubscribe

    def publish(self, message: object) -> None:
        """Hand `message` to everyone who subscribed to its class or to a base of it."""
        for kind in type(message).__mro__:
            for subscriber in tuple(self._subscribers.get(kind, ())):
                try:
                    subscriber(message)
                except Exception:  # noqa: BLE001 - the boundary: one bad subscriber harms nobody
                    _log.exception("subscriber %r failed on %s", subscriber, type(message).__name__)
