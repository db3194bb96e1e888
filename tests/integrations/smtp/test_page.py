"""The HTML part of a plain text."""

import pytest

from integrations.smtp.page import build_page
from tests.integrations.smtp.conftest import delivery


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a <b> & 'c'", "a &lt;b&gt; &amp; &#x27;c&#x27;"),
        (
            "квитировать: https://hub.example/a?b=1&c=2.",
            'квитировать: <a href="https://hub.example/a?b=1&amp;c=2">https://hub.example/a?b=1&amp;c=2</a>.',
        ),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ('http://x/"onmouseover="y', '<a href="http://x/">http://x/</a>&quot;onmouseover=&quot;y'),
    ],
)
def test_words_and_links(text: str, shown: str) -> None:
    assert f">{shown}</div>" in build_page(delivery(text=text))


def test_an_alarm_looks_like_one() -> None:
    assert "#c62828" in build_page(delivery(urgency="now"))
    assert "#607d8b" in build_page(delivery(urgency="background"))
