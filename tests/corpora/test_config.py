"""Configuration files of every bad kind: refused as a whole, quickly, in a text for the operator."""

import time
from pathlib import Path

import pytest

from irzhub.config.load import load_settings
from irzhub.core.exceptions import ConfigError
from tests.corpora import Case, read_cases

CASES = read_cases("config")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_document(case: Case, tmp_path: Path) -> None:
    (tmp_path / "irzhub.yaml").write_bytes(case.data)
    began = time.thread_time()
    try:
        load_settings(tmp_path, {})
    except ConfigError as error:
        outcome = "refused"
        assert "irzhub.yaml" in str(error) or "secrets.yaml" in str(error)
        assert len(str(error)) < 1000
    else:
        outcome = "good"

    assert case.expected in ("", outcome)
    assert time.thread_time() - began < 1.0
