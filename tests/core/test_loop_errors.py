"""Errors of the loop are damped."""

import logging

import pytest

from irzhub.core.loop_errors import LoopErrors


def test_loop_errors_are_logged_ten_times_in_ten_seconds(caplog: pytest.LogCaptureFixture) -> None:
    class FakeLoop:
        now = 0.0

        def time(self) -> float:
            return self.now

    loop, errors = FakeLoop(), LoopErrors()
    with caplog.at_level(logging.ERROR):
        for _ in range(1000):
            errors.handle(loop, {"message": "Too many open files"})  # type: ignore[arg-type]
        assert len(caplog.records) == 10
        loop.now = 10.1
        errors.handle(loop, {"message": "again"})  # type: ignore[arg-type]

    assert caplog.records[-1].getMessage() == "again (990 more were held back)"
