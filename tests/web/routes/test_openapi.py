"""`/api/v1/openapi.json` as it is sent."""

from tests.web.conftest import Hub


async def test_it_is_json_of_one_line(hub: Hub) -> None:
    reply = await hub.get("/api/v1/openapi.json", token=None)

    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/json")
    assert b"\n" not in reply.body
