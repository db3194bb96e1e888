"""The rows of the table of routes are whole."""

from irzhub.web.openapi_schema import describe
from irzhub.web.routes import ALL_ROUTES


def test_what_takes_a_body_says_how_it_is_refused() -> None:
    for route in ALL_ROUTES:
        takes_body = route.body is not None
        assert not takes_body or route.method in {"POST", "PATCH", "PUT"}, route.path
        assert takes_body or route.method not in {"PATCH", "PUT"}, route.path
        assert not takes_body or {400, 413, 415, 422} <= set(route.errors), route.path


def test_what_takes_a_query_says_that_it_may_be_wrong() -> None:
    assert all(400 in route.errors for route in ALL_ROUTES if route.query is not None)


def test_a_single_route_can_be_described() -> None:
    route = next(each for each in ALL_ROUTES if each.name == "get_command")

    assert list(describe((route,))["paths"]) == ["/api/v1/commands/{id}"]
