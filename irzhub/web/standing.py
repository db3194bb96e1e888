"""Whether somebody who stays connected may go on: looked at every minute, and at once when accounts change."""

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

from aiohttp import web

from irzhub.core.state import ModemForgotten, StateChanged
from irzhub.web.context import IDENTITY, AccountsChanged, context_of
from irzhub.web.identity import Identity
from irzhub.web.middleware import identify
from irzhub.web.permissions import Right
from irzhub.web.problem import Problem

RECHECK_S: Final = 60.0
"""For what changes without a word: a session whose time is over, an account that another process changed."""
_PLACE: Final = frozenset({"organisation", "group"})


def _anybody(_identity: Identity) -> bool:
    return True


async def until_refused(
    request: web.Request,
    right: Right,
    stands: Callable[[Identity], bool] = _anybody,
    on_identity: Callable[[Identity], None] | None = None,
) -> None:
    """Return when the caller of a request may not go on: signed out, without the right, or not standing any more.

    Args:
        request: the one that lasts; it carries the caller's identity as it is now.
        right: what it takes.
        stands: asked with the caller as it is now; asked again too when a modem moves.
        on_identity: is told who the caller is now, each time when that was looked up.
    """
    bus, changed = context_of(request).bus, asyncio.Event()

    def moved(change: StateChanged) -> None:
        if change.fields & _PLACE:
            changed.set()

    with ExitStack() as stack:
        stack.callback(bus.subscribe(AccountsChanged, lambda _: changed.set()))
        if stands is not _anybody:
            stack.callback(bus.subscribe(StateChanged, moved))
            stack.callback(bus.subscribe(ModemForgotten, lambda _: changed.set()))
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), RECHECK_S)
            changed.clear()
            try:
                identity = request[IDENTITY] = await identify(request)
            except Problem:
                return
            if not (identity.may(right) and stands(identity)):
                return
            if on_identity is not None:
                on_identity(identity)
