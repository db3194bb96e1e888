"""Which cookie counts."""

from aiohttp.test_utils import make_mocked_request

from irzhub.web.cookies import session_cookie


def test_under_tls_only_the_strict_cookie_counts() -> None:
    both = {"Cookie": "irzhub=plain; __Host-irzhub=strict"}

    assert session_cookie(make_mocked_request("GET", "/", headers=both)) == "plain"
    assert session_cookie(make_mocked_request("GET", "/", headers={**both, "X-Forwarded-Proto": "https"})) == "strict"
    assert session_cookie(make_mocked_request("GET", "/")) is None
