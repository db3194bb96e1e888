from dataclasses import FrozenInstanceError

import pytest

from irzhub.codec.driver import Hello


def test_a_hello_cannot_be_changed_and_hides_what_is_secret() -> None:
    hello = Hello(driver="irz", modem="1", imei="1", password="s3cret", keys={"PSW": "s3cret"})

    assert "s3cret" not in repr(hello)
    with pytest.raises(FrozenInstanceError):
        hello.password = "other"  # type: ignore[misc]
