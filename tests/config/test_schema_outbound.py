from pathlib import Path
from typing import Any

import pytest

from irzhub.config.build import build_settings
from irzhub.config.schema import SCHEMA
from irzhub.config.settings import OutboundSettings


def test_what_nobody_writes_is_what_the_settings_say() -> None:
    assert build_settings(Path("/etc/irzhub"), SCHEMA({})).outbound == OutboundSettings()


def test_what_is_written_reaches_the_settings() -> None:
    written = {
        "outbound": {
            "hosts": ["API.telegram.org", "*.почта.рф"],
            "networks": ["10.0.5.0/24", "::1/128"],
            "ports": [443],
            "plain_http": True,
            "proxy": "http://hub:very-secret@10.0.0.1:3128",
            "ca_file": "ca.pem",
        }
    }

    settings = build_settings(Path("/etc/irzhub"), SCHEMA(written))

    assert settings.outbound == OutboundSettings(
        hosts=("api.telegram.org", "*.xn--80a1acny.xn--p1ai"),
        networks=("10.0.5.0/24", "::1/128"),
        ports=(443,),
        plain_http=True,
        proxy="http://hub:very-secret@10.0.0.1:3128",
        ca_file=Path("/etc/irzhub/ca.pem"),
    )
    assert "very-secret" not in repr(settings)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hosts": "example.ru"},
        {"hosts": ["http://example.ru"]},
        {"hosts": ["*"]},
        {"hosts": [5]},
        {"networks": ["private"]},
        {"networks": ["10.0.0.1/8"]},
        {"ports": [0]},
        {"proxy": "10.0.0.1:3128"},
        {"proxy": "socks5://10.0.0.1:3128"},
        {"redirects": True},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r"expected|extra keys"):
        SCHEMA({"outbound": wrong})
