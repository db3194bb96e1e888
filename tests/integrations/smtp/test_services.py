"""The mail services that an operator can name."""

import pytest

from integrations.smtp.services import SERVICES, usual_tls


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_takes_letters_in_the_clear(name: str) -> None:
    service = SERVICES[name]

    assert service.tls == usual_tls(service.port)
    assert service.host.count(".") >= 2
    assert service.hint, "what people stumble over"


def test_the_usual_mode_of_a_port() -> None:
    assert [usual_tls(port) for port in (465, 587, 25, 2525)] == ["tls", "starttls", "starttls", "starttls"]
