import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.outbound.errors import TargetRefused
from irzhub.outbound.target import Target, parse_target


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.ru", Target("https", "example.ru", 443, "/", is_address=False)),
        ("http://Example.RU/a?b=%20", Target("http", "example.ru", 80, "/a?b=%20", is_address=False)),
        ("https://почта.рф:8443?x", Target("https", "xn--80a1acny.xn--p1ai", 8443, "/?x", is_address=False)),
        ("https://10.0.0.1/", Target("https", "10.0.0.1", 443, "/", is_address=True)),
        ("https://[FD12:0::1]/", Target("https", "fd12::1", 443, "/", is_address=True)),
    ],
)
def test_a_url_means_one_thing(url: str, target: Target) -> None:
    assert parse_target(url) == target
    assert parse_target(target.url) == target


def test_a_log_sees_neither_path_nor_query() -> None:
    assert str(parse_target("https://[fd12::1]/bot1:secret/x?key=secret")) == "https://[fd12::1]:443"


@given(st.text(alphabet="ht:/p@[]#?.\\%0127fx1аe \n", max_size=40))
def test_any_text_is_a_target_or_refused(text: str) -> None:
    try:
        target = parse_target("http" + text)
    except TargetRefused as error:
        assert "\n" not in str(error)
    else:
        assert parse_target(target.url) == target
        assert target.host.isascii()
