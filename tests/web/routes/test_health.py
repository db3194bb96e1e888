"""`/healthz` and `/readyz`."""

from tests.web.conftest import Hub


async def test_an_alive_hub_says_so(hub: Hub) -> None:
    reply = await hub.get("/healthz", token=None)

    assert (reply.status, reply.json()) == (200, {"status": "alive"})


async def test_a_hub_with_all_parts_is_ready(hub: Hub) -> None:
    reply = await hub.get("/readyz", token=None)

    assert reply.status == 200
    assert reply.json()["status"] == "ready"
    assert reply.json()["parts"]["relay"] == {"state": "up"}
    assert reply.json()["parts"]["web"] == {"state": "up", "detail": hub.server.url}


async def test_without_its_broker_a_hub_is_degraded_and_still_ready(hub: Hub) -> None:
    hub.health.set("mqtt", "down", "no broker at 127.0.0.1:1883")

    reply = await hub.get("/readyz", token=None)

    assert (reply.status, reply.json()["status"]) == (200, "degraded")
    assert reply.json()["parts"]["mqtt"] == {"state": "down", "detail": "no broker at 127.0.0.1:1883"}


async def test_without_its_local_store_a_hub_is_not_ready(hub: Hub) -> None:
    hub.health.set("local_store", "down", "disk full")

    reply = await hub.get("/readyz", token=None)

    assert (reply.status, reply.json()["status"]) == (503, "not_ready")


async def test_causes_are_for_callers_on_this_machine(hub: Hub) -> None:
    hub.health.set("database", "down", "cannot reach mysql://10.0.0.9")

    for headers in ({"X-Forwarded-For": "203.0.113.5"}, {"Host": "rebound.example"}):
        reply = await hub.get("/readyz", token=None, headers=headers)
        assert reply.json()["parts"]["database"] == {"state": "down"}, headers
