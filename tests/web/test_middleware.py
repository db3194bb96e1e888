"""The boundary: what fails behind it, and how long it may take."""

import asyncio
from datetime import UTC, datetime

import pytest

from irzhub.core.events import Event, ModemRejected
from irzhub.core.exceptions import UnknownModem
from irzhub.storage.errors import LocalStoreFailed
from irzhub.web.connection import HttpLimits
from tests.web.conftest import IMEI, Hub


@pytest.fixture
def limits() -> HttpLimits:
    return HttpLimits(handler_s=1.5)  # the first request builds its models


async def something_happened(hub: Hub) -> None:
    hub.journal.append(ModemRejected(ts=datetime.now(UTC), reason="wrong_password", peer="10.0.0.1:1"))
    await hub.journal.flush()


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (UnknownModem("deleted meanwhile"), 404, "unknown_modem"),
        (LocalStoreFailed("cannot read hub.db"), 503, "not_available"),
        (RuntimeError("secret"), 500, "internal"),
    ],
)
async def test_each_error_has_its_status(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    async def fail(after_seq: int, limit: int) -> list[Event]:
        raise error

    await something_happened(hub)
    monkeypatch.setattr(hub.journal, "read", fail)
    reply = await hub.get("/api/v1/events")

    assert (reply.status, reply.json()["code"]) == (status, code)
    assert str(error) not in reply.text


async def test_what_takes_too_long_is_given_up_and_the_hub_lives(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def wait(after_seq: int, limit: int) -> list[Event]:
        await asyncio.sleep(60)
        return []

    await something_happened(hub)
    monkeypatch.setattr(hub.journal, "read", wait)
    slow, alive = await asyncio.gather(hub.get("/api/v1/events"), hub.get("/healthz"))

    assert (slow.status, slow.json()["code"]) == (503, "too_slow")
    assert alive.status == 200


async def test_head_asks_what_get_asks(hub: Hub) -> None:
    hub.add_modem()

    without, with_token = [await hub.call("HEAD", f"/api/v1/modems/{IMEI}", token) for token in (None, "viewer")]

    assert (without.status, with_token.status, with_token.body) == (401, 200, b"")


async def test_an_address_that_is_not_there_needs_no_token_to_say_so(hub: Hub) -> None:
    reply = await hub.get("/api/v1/secrets", token=None)

    assert (reply.status, reply.json()["code"]) == (404, "not_found")
